"""`python -m scvgraph` is the command line."""

from scvgraph.cli import main

main(prog_name="scvgraph")
