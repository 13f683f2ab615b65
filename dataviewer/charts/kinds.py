"""The kinds of chart. A new one is one row here and one function that draws it."""

from dataviewer.charts import bars, grids, lines, points, spread
from dataviewer.charts.plan import Kind

KINDS = (
    Kind("line", "Lines", lines.draw_lines, "order", offers=("color", "facet", "agg", "scale", "log", "smooth")),
    Kind("area", "Areas", lines.draw_lines, "order", offers=("color", "facet", "agg", "stack")),
    Kind("scatter", "Scatter", points.draw_scatter, "order", most=12, offers=("color", "facet", "log", "trend")),
    Kind("bar", "Bars", bars.draw_bars, "group", 0, 12, ("agg", "color", "facet", "stack", "log")),
    Kind("histogram", "Histogram", spread.draw_histogram, most=60, offers=("color", "facet", "bins", "log")),
    Kind("box", "Box plot", spread.draw_boxes, "group", 1, 30, ("color", "facet", "scale", "log")),
    Kind("violin", "Violin", spread.draw_violins, "group", 1, 30, ("color", "facet", "scale", "log")),
    Kind("strip", "Strip", spread.draw_strips, "group", 1, 30, ("color", "facet", "scale", "log")),
    Kind("density", "Density map", grids.draw_density, "number", most=1, offers=("facet", "bins", "log")),
    Kind("correlation", "Correlation", grids.draw_correlation, least=2, most=100),
    Kind("matrix", "Scatter matrix", points.draw_matrix, least=2, most=6, offers=("color",)),
    Kind("ecdf", "Cumulative", spread.draw_ecdf, most=60, offers=("color", "facet", "scale", "log")),
)
