# Runs pieces of R, as a person would paste them; tests/coding.py starts it and reads what it leaves.

spelled <- function(cells) {
  # Numbers as they are stored: decimals might round.
  type <- if (inherits(cells, "Date")) "Date" else if (inherits(cells, "POSIXct")) "POSIXct" else class(cells)[1]
  type <- if (type == "integer") "numeric" else type
  text <- if (type %in% c("character", "logical")) as.character(cells) else sprintf("%a", as.numeric(cells))
  text[is.na(cells)] <- NA
  list(type = jsonlite::unbox(type), cells = enc2utf8(text))
}

layers <- function(figure) {
  if (!inherits(figure, "ggplot")) return(list())
  built <- ggplot2::ggplot_build(figure)
  kinds <- vapply(figure$layers, function(layer) class(layer$geom)[1], "")
  Map(function(kind, data) {
    given <- !is.na(data$x) & !(if ("y" %in% names(data)) is.na(data$y) else FALSE)
    counted <- if ("count" %in% names(data)) sum(data$count) else NA
    list(type = jsonlite::unbox(kind), points = jsonlite::unbox(sum(given)), counted = jsonlite::unbox(counted),
      panels = jsonlite::unbox(length(unique(data$PANEL))))
  }, kinds, built$data)
}

run <- function(file) {
  names <- new.env()
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  source(file, local = names, encoding = "UTF-8")
  columns <- lapply(seq_along(names$table), function(place) {
    c(list(name = jsonlite::unbox(colnames(names$table)[place])), spelled(names$table[[place]]))
  })
  list(error = jsonlite::unbox(""), columns = columns, layers = unname(if (nrow(names$table)) layers(names$figure) else list()))
}

options(warn = 1)
arguments <- commandArgs(trailingOnly = TRUE)
for (place in seq_len(as.integer(arguments[2])) - 1) {
  file <- file.path(arguments[1], place)
  told <- tryCatch(run(paste0(file, ".R")), error = function(e) {
    list(error = jsonlite::unbox(paste(conditionMessage(e), collapse = " ")), columns = list(), layers = list())
  })
  jsonlite::write_json(told, paste0(file, ".json"), na = "null")
}
