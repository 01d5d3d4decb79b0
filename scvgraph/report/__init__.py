"""Reports that people read: self-contained HTML pages, and what stands in them.

`markup` makes elements and escapes text, `page` is the frame of every page, `charts` are bars, waterfalls, curves
and heat maps, `columns` upright columns, `sankey` flows.
Pages load nothing from anywhere.
"""
