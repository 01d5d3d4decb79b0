"""What keeps the documents true: their examples run, their generated parts written. Used by docs/refresh.py and the tests."""
