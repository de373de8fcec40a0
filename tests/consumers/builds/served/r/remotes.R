install_version <- function(package, version, upgrade) {
  url <- sprintf("%s/src/contrib/Archive/%s/%s_%s.tar.gz", getOption("repos")[["CRAN"]], package, package, version)
  utils::install.packages(url, repos = NULL, type = "source")
}
