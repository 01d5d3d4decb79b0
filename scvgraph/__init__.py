"""Identity resolution on a graph: files in, customers out."""
