install_version <- function(package, version, dependencies, upgrade) {
  url <- sprintf("%s/src/contrib/Archive/%s/%s_%s.tar.gz", getOption("repos")[["CRAN"]], package, package, version)
  utils::install.packages(url, repos = NULL, type = "source")
}

install_git <- function(url, ref, subdir, dependencies, upgrade) {
  folder <- tempfile()
  git <- function(...) if (system2("git", c(...)) != 0) stop("git fails")
  git("clone", "--quiet", url, folder)
  git("-C", folder, "checkout", "--quiet", ref)
  utils::install.packages(file.path(folder, subdir), repos = NULL, type = "source")
}
