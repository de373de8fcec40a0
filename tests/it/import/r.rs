//! R packages: of CRAN, Bioconductor and git, by R itself, littler, remotes and pak.

use super::habits::{of, says};

const BASE: &str = "FROM rocker/r-ver:4.4.2\n";

#[test]
fn what_packages_suggest_and_where_they_are_from() {
    let text = format!(
        "{BASE}RUN install2.r --error --deps TRUE --skipinstalled --ncpus 4 tidyverse\n\
        RUN R -e \"BiocManager::install(c('DESeq2', 'rhdf5'), update = FALSE, ask = FALSE)\"\n\
        RUN installGithub.r r-lib/later@v1.4.1 && installBioc.r limma\n\
        RUN Rscript -e 'install.packages(c(\"a\",\t\t\"b\"), repos = c(\"https://a.example.org\", \"https://b.example.org\"))'\n\
        RUN Rscript -e 'options(warn = 2); install.packages(\"z\", repos = c(\"https://a.example.org\", getOption(\"repos\")), Ncpus = 4L, \
        dep = TRUE)'\n"
    );
    let (_, layer) = of(&text, &[]);
    let wanted = [
        "cran suggests     { tidyverse }",
        "cran bioconductor { DESeq2 rhdf5 }",
        "cran { later git \"https://github.com/r-lib/later\" rev \"v1.4.1\" }",
        "cran bioconductor { limma }",
        "cran index \"https://a.example.org\" extra-index \"https://b.example.org\" { a b }",
        "cran extra-index \"https://a.example.org\" suggests { z }",
    ];
    says(&layer, &wanted, &["run"]);
}

#[test]
fn packages_of_git() {
    let text = format!(
        "{BASE}RUN Rscript -e \"remotes::install_github('apache/arrow@v1', subdir = 'r', upgrade = FALSE)\"\n\
        RUN Rscript -e 'library(devtools); install_github(c(\"o/x/geom\", \"https://github.com/o/y.git\"))'\n\
        RUN Rscript -e 'remotes::install_git(\"https://git.example.org/g/tools.git\", ref = \"main\", upgrade = \"never\")'\n\
        RUN Rscript -e 'remotes::install_gitlab(\"g/more\", upgrade = \"never\")'\n"
    );
    let (_, layer) = of(&text, &[]);
    let wanted = [
        "arrow git \"https://github.com/apache/arrow\" rev \"v1\" subdirectory \"r\"",
        "# import: lab/Dockerfile:3: what a package needs is not brought up to date where it is there",
        "geom git \"https://github.com/o/x\" subdirectory \"geom\"",
        "y git \"https://github.com/o/y.git\"",
        "tools git \"https://git.example.org/g/tools.git\" rev \"main\"",
        "more git \"https://gitlab.com/g/more\"",
    ];
    let plain = layer.split_whitespace().collect::<Vec<_>>().join(" ");
    says(&plain, &wanted, &["run"]);
}

/// pak installs what packages need of the system, so it stays the program that installs them.
#[test]
fn pak_stays_pak() {
    let text = format!(
        "{BASE}RUN Rscript -e \"if (!requireNamespace('pak', quietly = TRUE)) install.packages('pak'); \
        pak::pak(c('sf', 'terra@1.7', 'o/geo', 'x=github::o/y/r@v1', 'bioc::DESeq2', 'git::https://git.example.org/g.git'), \
        upgrade = TRUE)\"\n"
    );
    let (place, layer) = of(&text, &[]);
    let plain = layer.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted =
        ["cran { pak } cran-pak-upgrade-true { sf terra ==1.7 geo git \"https://github.com/o/geo\" x git \"https://github.com/o/y\" \
        rev \"v1\" subdirectory \"r\" DESeq2 g git \"https://git.example.org/g.git\" }"];
    says(&plain, &wanted, &["run"]);
    assert_eq!(place.run(&["build", "program", "--quiet"]).status, 0);
    let dockerfile = place.read("program/images/lab/Dockerfile");
    let words = "RUN Rscript -e 'pak::pak(commandArgs(TRUE), upgrade = TRUE)' \\\n        sf \\\n        terra@1.7 \\\n        \
        geo=github::o/geo \\\n        x=github::o/y/r@v1 \\\n        DESeq2 \\\n        g=git::https://git.example.org/g.git\n";
    assert!(dockerfile.contains(words), "{dockerfile}");
}

#[test]
fn what_does_more_than_install_stays_as_it_is() {
    for command in [
        "install.packages('x', lib = '/opt/lib')",
        "install.packages('x.tar.gz', repos = NULL)",
        "install.packages('x', dependencies = FALSE)",
        "install.packages('x'); x::setup()",
        "options(timeout = 600); install.packages('x')",
        "BiocManager::install(version = '3.18', ask = FALSE)",
        "BiocManager::install('x', version = '3.18')",
        "remotes::install_github('o/x#12')",
        "remotes::install_github('o/x@*release')",
        "remotes::install_local('/tmp/x')",
        "pak::pak('local::/tmp/x')",
        "if (!requireNamespace('y')) install.packages('x')",
        "if (file.exists('y')) install.packages('x')",
        "x <- 'y'; install.packages(x)",
        "install.packages('a' 'b')",
        "install.packages('a'",
    ] {
        let (_, layer) = of(&format!("{BASE}RUN Rscript -e \"{command}\"\n"), &[]);
        says(&layer, &["run \"Rscript -e"], &["cran"]);
    }
}
