"""What is in some files, and the project file that says so.

`sample` reads rows of any format, `column` sums a column up, `recognise` decides what it holds, by its content
first and its name second; `draft` puts files together into sources, `write` makes the commented project file.
"""
