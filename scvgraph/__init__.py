"""Identity resolution on a graph: files in, customers out."""

__version__ = "0.1.0"
