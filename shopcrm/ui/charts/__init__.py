"""Charts: the only place with pyqtgraph, whose import takes half a second and is left until a chart is shown."""
