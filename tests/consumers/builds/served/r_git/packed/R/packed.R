said <- "from git"
