"""Reports that people read: self-contained HTML pages, and what stands in them.

`markup` makes elements and escapes text, `page` is the frame of every page, `charts` are bars, waterfalls and curves.
Pages load nothing from anywhere.
"""
