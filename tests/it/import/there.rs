//! What is in a base already, and what is not known of it: environments of conda, the working folder, its name.

use super::habits::{of, says};
use super::{imported, originals};

const FILE: &str = "channels: [conda-forge]\ndependencies:\n  - gdal\n";

/// A list makes the environment that it is the first of.
#[test]
fn environments_that_are_there_are_not_made_anew() {
    let text = "FROM registry.example.org/campus/geo:3\nCOPY environment.yml /tmp/\nRUN mamba install -n notebook -y xarray\n\
        RUN conda run -n notebook pip install dask\nRUN conda env update -n course -f /tmp/environment.yml\n\
        RUN conda create -n work -y python=3.12 && conda install -n work -y numpy && conda create -n work -y scipy\n";
    let (place, layer) = of(text, &[("lab/environment.yml", FILE)]);
    let wanted = [
        "the environment `notebook` goes to `/opt/conda/envs`: where conda is elsewhere, the image needs a `prefix`\n",
        "provides { conda env notebook { } }\n  conda env notebook { xarray  pip { dask } }\n",
        "the base may have an environment `course`, which a list would make anew\n  run \"conda env update",
        "the environment `work` goes to `/opt/conda/envs`: where conda is elsewhere, the image needs a `prefix`\n  conda-conda env work",
        "the environment `work` is made a second time, which no list does\n",
        "numpy\n  } then \"conda create -n work -y scipy\"\n",
    ];
    says(&layer, &wanted, &["env course"]);
    // A program that makes it anew is another one.
    let changed = layer.replace("provides { conda env notebook { } }", "");
    std::fs::write(place.path().join("program/layers/lab.jenv"), changed).unwrap();
    let ran = place.run(&["import", "from", "--verify", "program"]);
    assert_eq!((ran.status, ran.out.contains("new: conda makes env notebook")), (2, true), "{}{}", ran.out, ran.error);
}

/// The images of Pangeo have conda in `/srv/conda`, and their packages in an environment.
#[test]
fn the_environment_of_pangeo_is_added_to() {
    let text = "FROM pangeo/pangeo-notebook:2026.01.15\nCOPY environment.yml /tmp/\n\
        RUN mamba env update -n ${CONDA_ENV} -f /tmp/environment.yml && mamba clean -afy\n\
        RUN mamba install -p ${CONDA_DIR}/envs/notebook -y xarray\nRUN ${NB_PYTHON_PREFIX}/bin/pip install --no-cache-dir dask\n\
        RUN mamba install -p /opt/conda -y six\n";
    let (place, layer) = of(text, &[("lab/environment.yml", FILE)]);
    let wanted = [
        "  provides { conda env notebook { } }\n  conda env notebook channel \"conda-forge\" { gdal }\n",
        "dask",
        "mamba install -p /opt/conda -y six",
    ];
    says(&layer, &wanted, &["pip install", "gdal\n  run"]);
    assert!(place.read("program/images.jenv").contains("  prefix = \"/srv/conda\"\n"));
    // In another folder there is no such environment.
    let images = place.read("program/images.jenv").replace("  prefix = \"/srv/conda\"\n", "");
    place.write("program/images.jenv", images);
    assert_eq!(place.run(&["import", "from", "--verify", "program"]).status, 2);
}

#[test]
fn an_environment_that_is_made_without_packages_is_made_by_its_list() {
    let text = "FROM quay.io/jupyter/minimal-notebook:2026-07-28\nENV WORK=course\nADD environment.yml /tmp\n\
        RUN mamba create --name $WORK --quiet --yes && mamba install --yes nodejs && \\\n\
        mamba env update --name $WORK -f /tmp/environment.yml && mamba clean --all -f -y\n\
        RUN mamba create --name empty --yes && mamba run --name empty true\nRUN conda install -n root rich\n";
    let (_, layer) = of(text, &[("lab/environment.yml", FILE)]);
    let wanted = [
        "conda { nodejs }\n  conda env course channel \"conda-forge\" { gdal }\n",
        "run \"mamba create --name empty --yes && mamba run --name empty true\"\n",
        "conda-conda { rich }",
    ];
    says(&layer, &wanted, &["copy", "course --quiet"]);
}

/// Whatever the working folder of the base is, the file is there for the command behind.
#[test]
fn what_goes_to_an_unknown_working_folder_goes_there() {
    let text = "FROM registry.example.org/campus/geo:3\nCOPY requirements.txt settings.json ./\nCOPY .config .config\n\
        ADD https://example.org/stamp.json stamp.json\nRUN pip install -r requirements.txt && rm requirements.txt\n\
        COPY more.txt .\nRUN cd src && pip install -r more.txt\n";
    let files = [("lab/requirements.txt", "httpx\n"), ("lab/settings.json", "{}\n"), ("lab/.config", "a\n"), ("lab/more.txt", "rich\n")];
    let (_, layer) = of(text, &files);
    let wanted = [
        "copy \"../files/lab/settings.json\" to \"./\"\n",
        "copy \"../files/lab/.config\"       to \"./.config\"\n",
        "fetch \"https://example.org/stamp.json\" to \"./stamp.json\"",
        "pip { httpx }\n",
        "run \"cd src && pip install -r more.txt\"\n",
    ];
    says(&layer, &wanted, &["left out"]);
}

#[test]
fn names_with_a_prefix_are_files_where_several_are() {
    let file = |from: &str| format!("ARG BASE=example/campus-{from}\nFROM $BASE\nRUN touch /opt/{from}\n");
    let place = originals([
        ("base/Dockerfile".to_owned(), "FROM ubuntu:24.04\nRUN touch /opt/x\n".to_owned()),
        ("python/Dockerfile".to_owned(), file("base")),
        ("lab/Dockerfile".to_owned(), file("python")),
        ("stats/Dockerfile".to_owned(), "FROM rocker/r-base\nRUN touch /opt/stats\n".to_owned()),
    ]);
    let remarks = imported(&place)["remarks"].to_string();
    says(&remarks, &["`example/campus-python` is taken for what `python/Dockerfile` builds"], &["rocker/r-base` is taken"]);
    assert!(place.read("program/layers/lab.jenv").contains("from python\n"));
}

/// Where tags tell images apart, one without a tag is another image than one with a name for its tag.
#[test]
fn a_tag_of_another_image_is_not_taken() {
    let place = originals([
        ("geo/Dockerfile".to_owned(), "# docker build -t example/lab:geo .\nFROM ubuntu:24.04\nRUN touch /opt/geo\n".to_owned()),
        ("sea/Dockerfile".to_owned(), "# docker build -t example/lab:sea .\nFROM example/lab:geo\nRUN touch /opt/sea\n".to_owned()),
        ("top/Dockerfile".to_owned(), "FROM example/lab\nRUN touch /opt/top\n".to_owned()),
    ]);
    imported(&place);
    assert!(place.read("program/layers/sea.jenv").contains("from geo\n"));
    assert!(place.read("program/layers/top.jenv").contains("from lab\n"));
    assert!(place.read("program/images.jenv").contains("image lab { ref = \"example/lab\" }"));
}

#[test]
fn what_a_build_does_not_read_is_remarked() {
    let text = "FROM registry.example.org/campus/geo-onbuild:3\nWORKDIR /srv\nLABEL a=\"$RELEASE\"\nCOPY bin ~/bin/\n\
        ## Twice ####\n# seen\nRUN touch /opt/x\n";
    let (_, layer) = of(text, &[("lab/bin/tool", "a\n")]);
    let wanted = [
        "what an `ONBUILD` of `registry.example.org/campus/geo-onbuild:3` copies is the folder of the program now\n",
        "the label `a` has the characters of `${RELEASE}`: nothing here says what that is\n",
        "`~` is no home here: the files go to `/srv/~/bin/`\n",
        "  # Twice\n  # seen\n  run",
    ];
    says(&layer, &wanted, &[]);
}

/// A remark is at the step that it is about.
#[test]
fn remarks_of_a_chain_are_at_their_steps() {
    let text = "FROM ubuntu:24.04\nRUN touch /opt/x && apt-get update && apt-get install -y curl && \\\n\
        wget -O /opt/y https://example.org/y && touch /opt/z\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["the build takes whatever is there\n  fetch \"https://example.org/y\""], &["there\n  run"]);
}

#[test]
fn a_name_without_its_middle_is_asked_for() {
    let text = "ARG VARIANT\nFROM jupyter/${VARIANT}-notebook:lab-3.6.3\nRUN curl -O ftp://example.org/tool.bin\n";
    let (place, layer) = of(text, &[]);
    says(&layer, &["name the image", "run \"curl -O ftp://example.org/tool.bin\""], &["fetch"]);
    says(&place.read("program/images.jenv"), &["registry.example.org/owner/"], &["jupyter/-"]);
}

#[test]
fn a_python_that_no_base_has_is_asked_for_no_longer() {
    let place = originals([
        ("new/binder/environment.yml".to_owned(), "dependencies:\n  - python=3.7\n  - numpy\n".to_owned()),
        ("old/binder/environment.yml".to_owned(), "dependencies:\n  - python>=3.6,<3.8\n  - scipy\n".to_owned()),
    ]);
    let remarks = imported(&place)["remarks"].to_string();
    says(&remarks, &["Python 3.7 is in no base: it is 3.10 now", "`python>=3.6,<3.8` is in no base: Python is 3.10 now"], &[]);
    for layer in ["old", "new"] {
        let text = place.read(&format!("program/layers/{layer}.jenv"));
        says(&text, &["conda { python "], &[]);
    }
    assert_eq!(place.run(&["check", "program"]).status, 0);
}

/// A name in a comment may have a hole for those who read it.
#[test]
fn what_is_no_reference_names_no_registry() {
    let text = "# docker build -t registry.example.org/<owner>/lab:1 .\nFROM ubuntu:24.04\nRUN touch /opt/x\n";
    let (place, _) = of(text, &[]);
    says(&place.read("program/main.jenv"), &["registry = \"registry.example.org/owner\""], &["<owner>"]);
}

/// Charts have an empty list as a default, and a schema of it.
#[test]
fn hubs_are_named_after_what_tells_them_apart() {
    let menu = |title: &str| format!("singleuser:\n  profileList:\n    - display_name: {title}\n");
    let schema = "properties:\n  profileList:\n    type: array\n    description: a list\n".to_owned();
    let place = originals([
        ("hubs/sea/values.yaml".to_owned(), menu("Sea")),
        ("hubs/2026/geo/secrets.yaml".to_owned(), menu("Geo")),
        ("hubs/2025/geo/secrets.yaml".to_owned(), menu("Old")),
        ("geo/Dockerfile".to_owned(), "FROM ubuntu:24.04\nRUN touch /opt/x\n".to_owned()),
        ("chart/values.yaml".to_owned(), "singleuser:\n  profileList: []\n".to_owned()),
        ("chart/values.schema.yaml".to_owned(), schema),
    ]);
    imported(&place);
    let hubs = place.read("program/hub.jenv");
    let names: Vec<&str> = hubs.lines().filter_map(|line| line.strip_prefix("hub ")?.strip_suffix(" {")).collect();
    assert_eq!(names, ["hub-2025-geo", "hub-2026-geo", "sea"]);
}

/// `chown` of a folder that nothing was copied to would fail.
#[test]
fn what_is_not_copied_is_given_to_nobody() {
    let text = "FROM ubuntu:24.04\nRUN useradd -m -u 1000 -g 100 jo\nCOPY --chown=1000:50 *.conda /opt/more/\n\
        COPY --chown=1000:50 a.txt /opt/some/\n";
    let (_, layer) = of(text, &[("lab/a.txt", "a\n")]);
    says(&layer, &["to \"/opt/more/\" optional\n", "chown -R jo:50 /opt/some/"], &["chown -R jo:50 /opt/more/"]);
}

/// What a script activates is where `conda` and `pip` install to behind it.
#[test]
fn what_is_activated_is_installed_to() {
    let text = "FROM pangeo/base-notebook:2025.11.13\nUSER root\n\
        RUN . /srv/conda/etc/profile.d/conda.sh && conda activate notebook && \\\n\
        mamba install -y pip dask && pip install --no-cache-dir siphon && pip install 'numpy==1.26.0' && \\\n\
        jupyter lab build -y && rm -rf /srv/x && conda clean --all -f -y\n\
        RUN bash -c true && . /srv/conda/etc/profile.d/conda.sh && conda activate base && pip install kept && mamba install -y numba\n\
        RUN source /srv/conda/bin/activate notebook && cd /srv && pip install -e . && pip install late && apt-get install -y tree\n\
        RUN conda activate $WHERE && pip install unknown\nRUN conda deactivate && pip install left\n\
        RUN /srv/conda/envs/notebook/bin/pip install alone\nRUN pip install outside\nUSER 1000\n\
        RUN conda run -n notebook pip3 install mine\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "  user root { }\n",
        "    dask\n",
        "    pip { siphon  numpy ==1.26.0 }\n  }\n",
        "`notebook` is not activated while pip installs to it: what its activation sets is not there\n",
        "    . /srv/conda/etc/profile.d/conda.sh\n    conda activate notebook\n    jupyter lab build -y\n    rm -rf /srv/x\n",
        "    conda activate base\n    pip install kept\n",
        "  conda { numba }\n",
        "run \"source /srv/conda/bin/activate notebook && cd /srv && pip install -e .",
        "conda activate $WHERE && pip install unknown",
        "conda deactivate && pip install left",
        "conda env notebook { pip { alone } }\n",
        "  pip { outside }\n",
        "conda env notebook { pip { mine } }\n",
        "  user jovyan {",
    ];
    says(&layer, &wanted, &["pip install late", "pip install siphon"]);
    place.write("program/layers/lab.jenv", layer.replace("pip { alone }", "pip { other }"));
    let ran = place.run(&["import", "from", "--verify", "program"]);
    assert_eq!((ran.status, ran.out.contains("new: pip env notebook by root: other")), (2, true), "{}{}", ran.out, ran.error);
}

/// A shell that runs all in an environment does so with `pip`, too.
#[test]
fn the_shell_may_be_in_an_environment() {
    let text = "FROM registry.example.org/campus/geo:3\nSHELL [\"conda\", \"run\", \"-n\", \"work\", \"/bin/bash\", \"-c\"]\n\
        RUN export PIP_INDEX_URL=https://example.org/simple && pip install --upgrade httpx && \\\n\
        pip install rich\nRUN mamba install -n other -y six\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "pip install --upgrade httpx",
        "conda env work { pip index \"https://example.org/simple\" { rich } }\n",
        "conda env other { six }\n",
    ];
    says(&layer, &wanted, &["  pip {"]);
}

/// Flags that change nothing where a package is installed globally; one of conda that a list for an environment has, too.
#[test]
fn flags_stay_where_they_say_something() {
    let text = "FROM quay.io/jupyter/minimal-notebook:2026-07-28\nRUN npm install -g --save-dev typescript@5.9.3 && \\\n\
        npm install --global --prod yarn\n\
        RUN mamba install -n work -y --force-reinstall pyproj\n";
    let (place, layer) = of(text, &[]);
    says(&layer, &["npm      { typescript ==5.9.3  yarn }\n"], &["--save-dev"]);
    says(&place.read("program/images.jenv"), &["mamba install --yes --prefix \\\"{{ prefix }}\\\" --force-reinstall\""], &[]);
}

/// An argument above the first `FROM` is set in the stages that declare it.
#[test]
fn arguments_of_the_first_lines_are_declared_in_a_stage() {
    let text = "ARG DAY=7\nARG PIN=1.2\nFROM registry.example.org/campus/geo:3\nARG PIN\nENV OF=geo${DAY:+:}${DAY}\n\
        RUN pip install rich==$PIN && pip install six==$DAY\nRUN DAY=3 && touch /opt/$DAY\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "`ARG DAY` above the first `FROM` is not set in a stage without `ARG DAY`: it is empty here, or what the base has\n  pip {",
        "  pip { rich ==1.2 } then \"pip install six==$DAY\"\n",
        "  run \"DAY=3 && touch /opt/$DAY\"\n",
        "  env { OF = \"geo${DAY:+:}${DAY}\" }\n",
    ];
    says(&layer, &wanted, &["==7"]);
}

#[test]
fn a_home_that_nothing_sets_is_remarked() {
    let file = |home: &str| format!("FROM registry.example.org/campus/geo:3\n{home}COPY a.txt ${{HOME}}/x/\n");
    let place = originals([
        ("some/Dockerfile".to_owned(), file("")),
        ("other/Dockerfile".to_owned(), file("ENV HOME=/home/jo\n")),
        ("other/a.txt".to_owned(), "a\n".to_owned()),
        ("some/a.txt".to_owned(), "b\n".to_owned()),
    ]);
    let remarks = imported(&place)["remarks"].to_string();
    let words = "`HOME` in `COPY` is the home of the account now: it was the variable of the base, which may have none";
    assert_eq!(remarks.matches(words).count(), 1, "{remarks}");
}

/// What begins an environment and what installs to it are one list, which makes it.
#[test]
fn an_environment_that_is_made_empty_is_filled_by_the_list_behind() {
    let text = "FROM quay.io/jupyter/base-notebook:2025-01-06\n\
        RUN conda create --quiet --yes -n java8 && mamba install -n java8 --yes openjdk=8 && conda clean -tipy\n\
        RUN mamba install -n java8 --yes maven\n";
    let (place, layer) = of(text, &[]);
    says(&layer, &["conda env java8 { openjdk =8  maven }"], &["provides", "run"]);
    assert_eq!(place.run(&["build", "program", "--quiet"]).status, 0);
    let dockerfile = place.read("program/images/lab/Dockerfile");
    assert!(dockerfile.contains("mamba create --yes --prefix") && dockerfile.matches("create --yes").count() == 1, "{dockerfile}");
}

/// A label is on what is built on an image, too; said again, it is the same.
#[test]
fn a_description_that_the_parent_has_is_no_difference() {
    let text = "FROM quay.io/jupyter/base-notebook:2025-01-06 AS below\nLABEL org.opencontainers.image.description=\"Of a course\"\n\
        RUN make a\nFROM below\nRUN make b\nLABEL org.opencontainers.image.description=\"Of a course\"\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["description = \"Of a course\""], &[]);
}

/// A list that stays a file is the file that it was, also where it contradicts a layer below.
#[test]
fn lists_in_files_stay_as_they_are() {
    let spec = "# platform: linux-64\n@EXPLICIT\nhttps://conda.anaconda.org/conda-forge/noarch/tqdm-4.66.0-pyhd8ed1ab_0.conda\n";
    let text = "FROM quay.io/jupyter/base-notebook:2025-01-06\nRUN conda install -y tqdm=4.60\n\
        COPY spec.txt more.yml /tmp/\nRUN conda install -y --file /tmp/spec.txt\nRUN conda create -n other --file /tmp/spec.txt\n";
    let files = [("lab/Dockerfile", text), ("lab/spec.txt", spec), ("lab/more.yml", "")];
    let place = originals(files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())));
    imported(&place);
    let layer = place.read("program/layers/lab.jenv");
    says(&layer, &["conda file \"../files/lab/spec.txt\"", "conda env other file \"../files/lab/spec.txt\""], &["run"]);
    assert_eq!(place.read("program/files/lab/spec.txt"), spec);
    // The only finding is the one that is true of the original: two versions of one package.
    let checked = place.run(&["check", "program"]);
    let findings = format!("{}{}", checked.out, checked.error);
    assert_eq!((checked.status, findings.matches("error[").count()), (1, 1), "{findings}");
}

/// A step that gives copied files to somebody names those files, where others are in the folder.
#[test]
fn files_of_another_account_are_named() {
    let text = "FROM debian:12\nCOPY --chown=www-data:games a.txt *.in none*.sh /tmp/\nCOPY --chown=www-data:games none* no?e /srv/\n\
        COPY --chown=www-data:games a.txt /opt/a.txt\n";
    let (place, layer) = of(text, &[("lab/a.txt", "a"), ("lab/x.in", "x")]);
    let wanted = ["\"chown -R www-data:games /tmp/a.txt /tmp/*.in\"", "\"chown -R www-data:games /opt/a.txt\""];
    says(&layer, &wanted, &["games /srv/"]);
    assert_eq!(place.run(&["check", "program"]).status, 0);
}

#[test]
fn what_the_image_below_starts_is_taken_away() {
    let text = "FROM debian:12\nENTRYPOINT []\nCMD []\n";
    let (place, layer) = of(text, &[]);
    says(&layer, &["entrypoint []", "cmd []"], &[]);
    assert_eq!(place.run(&["build", "program", "--quiet"]).status, 0);
    let dockerfile = place.read("program/images/lab/Dockerfile");
    assert!(dockerfile.contains("ENTRYPOINT []\n") && dockerfile.contains("CMD []\n"), "{dockerfile}");
}

/// Where the base may say where its home is, the remark covers what becomes of it.
#[test]
fn a_home_of_root_is_remarked() {
    let text = "FROM rocker/binder:3.6.0\nARG NB_USER\nUSER root\nCOPY install.R ${HOME}\nUSER ${NB_USER}\n";
    let (_, layer) = of(text, &[("lab/install.R", "1")]);
    says(&layer, &["`HOME` in `COPY` is the home of the account now", "to \"${HOME}\""], &[]);
}

/// A pattern of `COPY` takes the contents of folders, and names with a leading dot.
#[test]
fn what_a_pattern_takes_beside_files_is_named() {
    let text = "FROM debian:12\nCOPY conf/* /etc/x/\nCOPY conf/*.txt /etc/y/\nCOPY .*rc /root/\n";
    let files = [("lab/conf/a.txt", "a"), ("lab/conf/d/b.txt", "b"), ("lab/conf/.c", "c"), ("lab/.bashrc", "d"), ("lab/.git/config", "e")];
    let (place, layer) = of(text, &files);
    let named = |name: &str| format!("\"../files/lab/conf/{name}\"");
    let all = ["a.txt", "d", ".c"].map(named);
    says(&layer, &all.each_ref().map(String::as_str), &["conf/*\""]);
    says(&layer, &["conf/*.txt\" to \"/etc/y/\"", ".*rc\"       to \"/root/\""], &[]);
    assert_eq!(place.run(&["check", "program"]).status, 0);
}
