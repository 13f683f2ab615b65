"""Component ids. `dataset`, `table`, `graph` and `status` are a promise to others; the rest is ours."""

DATASET = "dataset"
TABLE = "table"
GRAPH = "graph"
STATUS = "status"

LOCATION = "location"
HEADING = "heading"
NOTE = "note"
LINES = "lines"
SCALE = "scale"
SIZE = "size"
THEME = "theme"
SEARCH = "search"
ROOM = "room"

# What the page asks for: the parts of the query string that the table, and that the chart, depend on.
TABLE_VIEW = "table-view"
CHART_VIEW = "chart-view"
# What the server answered, from which the page's script sets the controls.
TABLE_ANSWER = "table-answer"
CHART_ANSWER = "chart-answer"
