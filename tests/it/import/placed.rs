//! Packages from files: what is in the image at a path, and what is downloaded for one command.

use super::habits::{of, says};
use super::proven;

const SUM: &str = "1111111111111111111111111111111111111111111111111111111111111111";

#[test]
fn a_download_of_one_list_alone_is_its_address() {
    let text = format!(
        "FROM rocker/r-ver:4.4.1\nRUN wget -q https://example.org/first_1_all.deb && dpkg -i first_1_all.deb && \\\n\
        rm first_1_all.deb\nARG IDE=2024.12.0-467\nWORKDIR /opt\n\
        RUN curl -fsSL https://example.org/ide-server-${{IDE}}-amd64.deb > /tmp/ide.deb && apt-get update && \\\n\
        apt install --no-install-recommends --yes /tmp/ide.deb && rm -rf /var/lib/apt/lists/* && rm /tmp/ide.deb\n\
        ENV A=1\nRUN PKG=paper-1.5-linux-amd64.deb && wget -q https://example.org/$PKG && echo \"{SUM}  $PKG\" | sha256sum -c && \\\n\
        dpkg -i $PKG && rm -rf $PKG /opt/other && touch /opt/done\n\
        ENV A=2\nRUN cd /tmp && wget https://example.org/box.deb && gdebi -n box.deb && rm box.deb\n"
    );
    let (place, layer) = of(&text, &[]);
    let wanted = [
        "apt { first url \"https://example.org/first_1_all.deb\" }\n".to_owned(),
        "apt { ide-server url \"https://example.org/ide-server-2024.12.0-467-amd64.deb\" }\n".to_owned(),
        format!("paper url \"https://example.org/paper-1.5-linux-amd64.deb\" sha256 \"{SUM}\"\n"),
        "  } then \"rm -rf /opt/other && touch /opt/done\"\n".to_owned(),
        "apt { box url \"https://example.org/box.deb\" }\n".to_owned(),
        "the name of the package in `/tmp/ide.deb` is taken from that of its file".to_owned(),
        "`https://example.org/box.deb` is downloaded without a checksum".to_owned(),
        "apt installs the file, and gdebi is not called".to_owned(),
    ];
    says(&layer, &wanted.each_ref().map(String::as_str), &["fetch", "dpkg", "wget", "$PKG"]);
    place.run(&["build", "program"]);
    let emitted = place.read("program/images/lab/Dockerfile");
    assert!(emitted.contains(&format!("echo \"{SUM}  /tmp/paper-1.5-linux-amd64.deb\" | sha256sum -c")), "{emitted}");
}

#[test]
fn a_download_that_stays_is_fetched_where_it_was() {
    let text = "FROM rockylinux:9\nWORKDIR /opt\nRUN wget https://example.org/ide-2024-x86_64.rpm && yum install -y ide-2024-x86_64.rpm\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "fetch \"https://example.org/ide-2024-x86_64.rpm\" to \"/opt/ide-2024-x86_64.rpm\" mode 644\n",
        "{ ide path \"/opt/ide-2024-x86_64.rpm\" }\n",
    ];
    says(&layer, &wanted, &["wget"]);
}

#[test]
fn files_and_folders_of_the_image_are_entries_with_their_path() {
    let text = "FROM quay.io/jupyter/minimal-notebook:2026-07-28\nCOPY app /srv/app\nCOPY menu-0.1-py3-none-any.whl own.deb /tmp/\n\
        USER root\nRUN dpkg -i /tmp/own.deb && rm -f /tmp/own.deb\nUSER $NB_UID\n\
        RUN pip install --no-cache-dir /tmp/menu-0.1-py3-none-any.whl\n\
        WORKDIR /srv/app\nRUN pip install .[dev] httpx && npm install -g ./ui\n";
    let files = [
        ("lab/app/pyproject.toml", "[build-system]\nrequires = []\n[project]\nversion = \"1\"\nname = \"campus-app\"\n"),
        ("lab/app/ui/package.json", "{}\n"),
        ("lab/menu-0.1-py3-none-any.whl", "x\n"),
        ("lab/own.deb", "x\n"),
    ];
    let (_, layer) = of(text, &files);
    let wanted = [
        "apt { own path \"/tmp/own.deb\" }                    then \"rm -f /tmp/own.deb\"\n",
        "pip { menu path \"/tmp/menu-0.1-py3-none-any.whl\" }\n",
        "pip { campus-app[dev] path \"/srv/app\"  httpx }\n",
        "npm { ui path \"/srv/app/ui\" }",
    ];
    says(&layer, &wanted, &["run", "the name of the package in `/srv/app` is"]);
}

#[test]
fn what_no_list_can_say_stays_as_it_was() {
    let text = "FROM ubuntu:24.04\nWORKDIR /opt\nRUN wget https://example.org/a.deb && dpkg -i --force-all a.deb && rm a.deb\n\
        RUN wget https://example.org/b.deb && (dpkg -i b.deb || apt-get -f install -y) && rm b.deb\n\
        RUN git clone https://example.org/rail /tmp/rail && git -C /tmp/rail checkout x && pip install /tmp/rail && rm -rf /tmp/rail\n\
        RUN apt-get update && apt-get install -y ./*.deb\nRUN pip install -e /opt/app\n\
        RUN wget https://example.org/c.deb && apt-get install -y ./c.deb && cp c.deb /srv && rm c.deb\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "run \"wget https://example.org/a.deb && dpkg -i --force-all a.deb && rm a.deb\"",
        "(dpkg -i b.deb || apt-get -f install -y) && rm b.deb\"",
        "in a layer of its own, `/tmp/rail` would stay in the image",
        "where `./*.deb` is in the image, or which files it stands for, is not known",
        "a list installs `/opt/app`, and does not link to it",
        "cp c.deb /srv && rm c.deb",
    ];
    says(&layer, &wanted, &["fetch", "url \""]);
}

#[test]
fn releases_upgrades_and_changed_variables_are_in_lists() {
    let text = "FROM ubuntu:24.04\nENV CODE=v4.1\nRUN apt-get update && apt-get install --no-install-recommends -y nano/stable less\n\
        RUN apt-get install -y -t trixie-backports vim\nRUN yum -y update && yum -y upgrade && yum --exclude=\\*x\\* -y upgrade\n\
        RUN yum install -y \"https://example.org/code-${CODE/v/}-amd64.rpm\"\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "apt { \"nano/stable\" less }\n",
        "apt release \"trixie-backports\" recommends { vim }\n",
        "dnf-yum upgrade\n",
        "dnf-yum-exclude upgrade\n",
        "dnf-yum { code url \"https://example.org/code-4.1-amd64.rpm\" }\n",
    ];
    says(&layer, &wanted, &["run"]);
    assert_eq!(place.run(&["check", "program"]).status, 0);
}

/// What apt removes, and what `apt` takes for no pattern, stays a command.
#[test]
fn patterns_of_apt_are_entries() {
    let text = "FROM debian:bookworm\n\
        RUN apt-get update && apt-get install -y --no-install-recommends '^libgdal[0-9]+$' \"^libpq[0-9]\\$\" libglew2.* \\\n  \
        '^libmagick\\+\\+-[0-9].q16-[0-9]+$' curl\nRUN apt-get update && apt install -y '^libtiff[5|6]$'\n\
        RUN apt-get update && apt install -y 'libicu*'\nRUN apt-get update && apt-get install -y git '^libicu[0-9]+-'\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "    \"^libgdal[0-9]+$\"\n    \"^libpq[0-9]$\"\n    \"libglew2.*\"\n    '^libmagick\\+\\+-[0-9].q16-[0-9]+$'\n    curl\n",
        "apt recommends { \"^libtiff[5|6]$\" }\n",
        "&& apt install -y 'libicu*'",
        "git '^libicu[0-9]+-'",
    ];
    says(&layer, &wanted, &[]);
    assert_eq!(place.run(&["check", "program"]).status, 0);
    let built = place.run(&["build", "program"]);
    assert_eq!(built.status, 0, "{}", built.error);
    let file = place.read("program/images/lab/Dockerfile");
    assert!(file.contains("        '^libgdal[0-9]+$' \\\n") && file.contains("'^libmagick\\+\\+-[0-9].q16-[0-9]+$' \\\n"), "{file}");
}

#[test]
fn what_is_before_a_manager_and_empty_arguments_are_left_out() {
    let text = "FROM debian:bookworm\nARG APT_PACKAGES\nARG MADE\nARG MORE\n\
        RUN apt-get update && eatmydata apt-get install -y --no-install-recommends less vim $APT_PACKAGES\n\
        RUN timeout 600 nice -n 5 pip install six ${MORE}\nRUN MADE=$(cat /tmp/x) && pip install rich $MADE\n\
        RUN pip install x==$MORE\nRUN pip install $MORE\nRUN mkdir -p /opt/a $MORE\nRUN pip install tqdm $OTHER\n\
        RUN timeout 5 wget https://example.org/x\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "`$APT_PACKAGES` is empty here: what a build gives with `--build-arg APT_PACKAGES=…`, or a base that sets it, is not in the list\n",
        "  apt { less vim }\n",
        "`$MORE` is empty here",
        "`timeout 600` is left out: the list may take as long as it needs\n  pip { six }\n",
        "pip install rich $MADE",
        "pip install x==$MORE",
        "pip install $MORE",
        "mkdir -p /opt/a $MORE",
        "pip install tqdm $OTHER",
        "timeout 5 wget https://example.org/x",
    ];
    says(&layer, &wanted, &["  arg APT_PACKAGES\n", "eatmydata"]);
    proven(&place);
}

/// A command is counted whatever it is written like, and tabs between its words are blanks.
#[test]
fn commands_are_counted_one_by_one() {
    let text = "FROM alpine:3.20\nRUN apk add --no-cache \\\n\t\tbash \\\n\t\tcurl\n\
        RUN set +e; dnf -y install a; microdnf install b; Rscript -e 'BiocManager::install(\"c\")'; true\n";
    let (place, layer) = of(text, &[]);
    says(&layer, &["bash curl"], &["\\t"]);
    let ran = place.run(&["import", "from", "--report", "--format", "json"]);
    assert!(ran.out.contains("\"all\": 4") || ran.out.contains("\"all\":4"), "{}", ran.out);
}

#[test]
fn names_and_versions_that_files_and_commands_hold_are_in_lists() {
    let text = "FROM python:3.12\nWORKDIR /opt\nCOPY apt.txt /tmp/\n\
        RUN apt-get update && grep '^\\s*[^#]\\+' /tmp/apt.txt | xargs apt-get install -y -qq\n\
        RUN python3 -m pip install -U htcondor==$(condor_version | head -n1)\n\
        RUN export R_VERSION=4.4.1 && curl -O https://example.org/r-${R_VERSION}_1_amd64.deb && dpkg -i r-${R_VERSION}_1_amd64.deb\n";
    let (_, layer) = of(text, &[("lab/apt.txt", "# to read\nless\nvim\n")]);
    let wanted = [
        "    less\n    vim\n",
        "pip-upgrade { htcondor resolved \"condor_version | head -n1\" }\n".trim_start_matches("pip-upgrade "),
        "{ r-4.4.1 path \"/opt/r-4.4.1_1_amd64.deb\" }\n",
    ];
    says(&layer, &wanted, &["xargs", "dpkg"]);
}

/// `update` installs nothing that is not there, so it is a command of its own; conda refuses versions in it.
#[test]
fn updates_of_conda_are_lists() {
    let text = "FROM quay.io/jupyter/minimal-notebook:2026-07-28\nRUN conda update --yes conda && conda clean --all --yes\n\
        RUN mamba update -n base -c defaults -y pip && touch /opt/x\nRUN mamba update --all -y\nRUN conda update -y -S six\n\
        RUN conda update -y python=3.12\nRUN mamba update -y -c conda-forge --all\nRUN conda update -n work -y numpy\n\
        RUN mamba install -y xarray\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "conda-update-2 { \"conda\" }\n",
        "conda-update channel \"defaults\" { \"pip\" }",
        "  conda upgrade\n",
        "conda-update-satisfied-skip-solve { six }\n",
        "conda update -y python=3.12",
        "mamba update -y -c conda-forge --all",
        "conda update -n work -y numpy",
        "  conda { xarray }\n",
    ];
    says(&layer, &wanted, &[]);
    let images = std::fs::read_to_string(place.path().join("program/images.jenv")).unwrap();
    assert!(images.contains("\"conda update --yes\"") && images.contains("\"mamba update --yes\""), "{images}");
    assert_eq!(place.run(&["check", "program"]).status, 0);
    assert_eq!(place.run(&["import", "from", "--verify", "program"]).status, 0);
}
