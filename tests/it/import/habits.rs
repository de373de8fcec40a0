//! Habits of public repositories, each with what a person would have written.

use super::{imported, originals, proven};
use crate::support::Workplace;

/// Imports one Dockerfile with files beside it, proves it, and gives its layer.
pub(super) fn of(dockerfile: &str, files: &[(&str, &str)]) -> (Workplace, String) {
    let files = files.iter().copied().chain([("lab/Dockerfile", dockerfile)]);
    let place = originals(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    imported(&place);
    let ran = place.run(&["import", "from", "--verify", "program"]);
    assert_eq!((ran.status, ran.out.contains("differs")), (0, false), "{}{}", ran.out, ran.error);
    let layer = place.read("program/layers/lab.jenv");
    (place, layer)
}

pub(super) fn says(layer: &str, wanted: &[&str], absent: &[&str]) {
    for text in wanted {
        assert!(layer.contains(text), "{text}\n{layer}");
    }
    for text in absent {
        assert!(!layer.contains(text), "{text}\n{layer}");
    }
}

#[test]
fn owners_are_an_account_and_its_group() {
    let text = "FROM ubuntu:24.04\nENV NB_USER=jovyan NB_UID=1000 NB_GID=100 HOME=/home/jovyan\nRUN useradd -m -u 1000 -g 100 jovyan\n\
        USER $NB_UID\nCOPY --chown=\"${NB_UID}:${NB_GID}\" a.txt /opt/a.txt\nCOPY --chown=1000:50 a.txt /opt/b.txt\n\
        COPY --chown=1000:users a.txt /opt/c.txt\n";
    let (_, layer) = of(text, &[("lab/a.txt", "a\n")]);
    let wanted = [
        "to \"/opt/a.txt\" owner user\n",
        "`jovyan:50` by a step of its own",
        "run as root \"chown -R jovyan:50 /opt/b.txt\"",
        "to \"/opt/c.txt\" owner user\n",
    ];
    says(&layer, &wanted, &["\\\"1000"]);
}

#[test]
fn patterns_go_into_folders_and_may_match_nothing() {
    let text = "FROM ubuntu:24.04\nRUN mkdir /etc/voms\nCOPY voms/* /etc/voms\nCOPY key.pe[m] /etc/\n";
    let (_, layer) = of(text, &[("lab/voms/one", "1\n"), ("lab/voms/two", "2\n")]);
    says(&layer, &["/voms/*\" to \"/etc/voms/\"\n", "key.pem\" to \"/etc/\" optional\n", "no file is `lab/key.pem`"], &[]);
}

#[test]
fn a_file_that_a_command_reads_stays_beside_one_of_a_list() {
    let text = "FROM python:3.12\nCOPY needs.txt build.sh /tmp/\nRUN pip install -r /tmp/needs.txt && bash /tmp/build.sh\n\
        COPY conf.py /tmp/\nRUN cat /tmp/conf.py >> /etc/conf.py && rm /tmp/conf.py\n";
    let files = [("lab/needs.txt", "httpx\n"), ("lab/build.sh", "true\n"), ("lab/conf.py", "x = 1\n")];
    let (_, layer) = of(text, &files);
    says(&layer, &["build.sh\" to \"/tmp/\"", "conf.py\" to \"/tmp/\""], &["copy \"../files/lab/needs.txt"]);
}

#[test]
fn a_list_that_is_taken_away_is_copied_only_where_something_else_reads_it() {
    let text = "FROM python:3.12\nWORKDIR /opt\nCOPY one.txt two.txt ./\nRUN cat one.txt && pip install -r one.txt && rm one.txt\n\
        RUN pip install -r two.txt && rm -rf two.txt /var/cache/apt/* && touch /opt/three\n";
    let (_, layer) = of(text, &[("lab/one.txt", "httpx\n"), ("lab/two.txt", "rich\n")]);
    says(&layer, &["one.txt\" to \"/opt/\"", "rm one.txt", "touch /opt/three"], &["copy \"../files/lab/two.txt", "rm -rf", "rm two"]);
}

#[test]
fn a_file_that_is_nowhere_belongs_where_its_folder_is() {
    let text = "FROM python:3.12\nARG FLAVOR\nARG SOURCE=lab/code\nCOPY ${SOURCE}/list.${FLAVOR}.txt /opt/\n";
    let files = [("lab/code/list.cpu.txt", "httpx\n"), ("lab/Dockerfile", text)];
    let place = originals(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    imported(&place);
    let layer = place.read("program/layers/lab.jenv");
    says(&layer, &["files/lab/code/list.${FLAVOR}.txt"], &["lab/lab"]);
}

#[test]
fn what_variables_become_holds_for_stages_and_tags() {
    let text = "ARG VERSION\nFROM ghcr.io/lab/base:${VERSION}-slim AS below\nENV PATH=/opt/lab/bin:${PATH}:/opt/scripts\nARG GPU\n\
        FROM below AS above\nARG GPU\nENV PATH=${GPU:+/usr/local/cuda/bin:}${PATH}\nENV MORE=${GPU:+-ra-${GPU##*/}}${GPU-none}\n\
        ENV SHORT=${PATH}:/opt/x\nRUN env\nFROM above\nENV LIST=${LAB:-${MORE}/lab}\n";
    let files = [("lab/Dockerfile", text)];
    let place = originals(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    imported(&place);
    proven(&place);
    let images = place.read("program/images.jenv");
    says(&images, &["image base { ref = \"ghcr.io/lab/base\" }\n"], &["tag ="]);
    let layers = ["below", "above", "lab"].map(|name| place.read(&format!("program/layers/{name}.jenv"))).concat();
    says(&layers, &["\"none/lab\""], &["/opt/lab/bin:/opt/lab/bin"]);
}

#[test]
fn files_of_one_name_are_told_apart_by_the_folders_above() {
    let files = ["4.2", "4.3", "devel"].into_iter().flat_map(|version| {
        ["el9", "el10"].map(|system| {
            let text =
                format!("FROM rocky:{system}\nARG R_VERSION={version}.1\nENV SYSTEM={system}\nRUN install-r $R_VERSION\nCMD [\"R\"]\n");
            (format!("{version}/{system}/Dockerfile"), text)
        })
    });
    let others = ["jupyter", "runtimes"].map(|what| (format!("{what}/minimal/Dockerfile.cpu"), format!("FROM debian\nRUN setup-{what}\n")));
    let place = originals(files.chain(others));
    imported(&place);
    proven(&place);
    let mut names: Vec<String> = std::fs::read_dir(place.path().join("program/layers"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["el10.jenv", "el9.jenv", "jupyter-minimal-cpu.jenv", "runtimes-minimal-cpu.jenv"]);
}

#[test]
fn templates_and_encrypted_files_are_passed_by() {
    let files = [
        ("lab/Dockerfile", "FROM python:3.12\n"),
        ("lab/Dockerfile.tmpl", "{{ if .Gpu }}\nFROM a\n{{ end }}\n"),
        ("secret.yaml", "\0GITCRYPT\0"),
        ("hub/values.yaml", "singleuser:\n  profileList:\n{% for one in all %}\n    - display_name: {{ one }}\n{% endfor %}\n"),
    ];
    let place = originals(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let remarks = imported(&place)["remarks"].to_string();
    assert!(remarks.contains("`{% for one in all %}` is filled in by a program"), "{remarks}");
    proven(&place);
}

#[test]
fn a_stage_is_mounted_and_what_packages_provide_is_installed() {
    let text = "FROM rockylinux:9 AS tools\nRUN mkdir /mnt/bin && touch /mnt/bin/make-lab\nFROM rockylinux:9\n\
        RUN dnf install -y 'dnf-command(config-manager)' 'perl(JSON)'\nRUN --mount=from=tools,source=/mnt,target=/mnt ls /mnt/bin\n\
        RUN --mount=from=tools,source=/mnt/bin/make-lab,target=/bin/make-lab make-lab\n\
        RUN --mount=from=tools,source=/mnt/bin/make-lab,target=/bin/make-lab /bin/make-lab all\n\
        COPY --from=tools ./mnt/bin/make-lab usr/local/ /opt/\n";
    let (place, layer) = of(text, &[]);
    says(
        &layer,
        &[
            "\"dnf-command(config-manager)\"",
            "copy \"/mnt\" from tools to \"/mnt\"",
            "tool make-lab from tools bin \"/mnt/bin/make-lab\"",
            "run with make-lab \"make-lab\"",
            "copy \"/mnt/bin/make-lab\" \"/usr/local/\" from tools",
        ],
        &[],
    );
    let ran = place.run(&["check", "program"]);
    assert_eq!(ran.status, 0, "{}", ran.error);
}

#[test]
fn variables_of_a_script_hold_for_its_lists() {
    let text = "FROM python:3.12\nRUN export WIDE=1.9 && cd /opt && pip install httpx==0.${WIDE}\n\
        RUN export VIRTUAL_ENV=/opt/lab && uv pip install rich\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["httpx ==0.1.9", "`WIDE` is not set while the list is installed", "VIRTUAL_ENV=/opt/lab && uv pip install rich"], &[]);
}

#[test]
fn what_is_between_two_lists_stays_there() {
    let text = "FROM python:3.12\nRUN pip install httpx && touch /opt/one\nRUN pip install rich && touch /opt/two\n\
        RUN pip install flask && \\\n    # later: pip install nothing && \\\n    pip install click && \\\n    pip install flask jinja2\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["run \"touch /opt/one\"\n", "run \"touch /opt/two\"\n", "\"later: pip install nothing\"\n"], &[]);
    assert_eq!((layer.matches("later:").count(), layer.matches("flask").count()), (1, 1), "{layer}");
}

#[test]
fn options_of_a_program_keep_their_quotes() {
    let text = "FROM rockylinux:9\nRUN dnf --repofrompath=wlcg,'https://example.org/el9/$basearch/' install -y tree\n";
    let (place, _) = of(text, &[]);
    let written = place.read("program/images.jenv");
    assert!(written.contains("'--repofrompath=wlcg,https://example.org/el9/$basearch/'"), "{written}");
}

#[test]
fn conflicts_between_managers_are_what_was_there() {
    let text =
        "FROM quay.io/jupyter/base-notebook:2026-11-16\nRUN mamba install -y 'jsonschema<4.18'\nRUN pip install jsonschema==4.21.1\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["jsonschema ==4.21.1 override"], &[]);
}

#[test]
fn files_of_one_folder_are_families_by_what_they_are_for() {
    let file = |what: &str, version: &str, base: &str, day: &str| {
        let text = format!(
            "FROM ubuntu:{base}\nENV R_VERSION=\"{version}\"\nENV LANG=C.UTF-8\nRUN install-r {what}\nENV CRAN=https://example.org/{day}\n\
             RUN <<EOF\nif grep -q 1000 /etc/passwd; then\n    userdel \"$(id -un 1000)\";\nfi\n/setup\nEOF\n\
             RUN install-{what} && setup-{what}\n"
        );
        (format!("dockerfiles/{what}_{version}.Dockerfile"), text)
    };
    let versions = [("4.5.3", "noble", "2026-04-23"), ("4.6.0", "noble", "2026-06-23"), ("devel", "latest", "latest")];
    let all = ["r-ver", "shiny"].into_iter().flat_map(|what| versions.map(|(version, base, day)| file(what, version, base, day)));
    let place = originals(all);
    imported(&place);
    proven(&place);
    let images = place.read("program/images.jenv");
    says(&images, &["link { version = [4.5.3, 4.6.0, devel]  base_tag = [noble, noble, latest] }\n"], &[]);
    let mut names: Vec<String> = std::fs::read_dir(place.path().join("program/layers"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["r-ver.jenv", "shiny.jenv"]);
    let shiny = place.read("program/layers/shiny.jenv");
    says(&shiny, &["from ubuntu\n", "when version == 4.5.3 {\n    env { CRAN = "], &["LANG = \"C.UTF-8\"\n    }\n  }\n  when"]);
}

#[test]
fn a_base_is_what_its_arguments_leave() {
    let text = "ARG VERSION=3.12\nARG FLAVOR\nFROM python:${VERSION}${FLAVOR} AS base-amd64\nRUN touch /opt/amd64\n\
        FROM base-${TARGETARCH}\nCOPY logo.png /opt/\nRUN touch /opt/lab\n";
    let place = originals([("lab/Dockerfile".to_owned(), text.to_owned()), ("lab/piece.Dockerfile".to_owned(), "RUN true\n".to_owned())]);
    std::fs::write(place.path().join("from/lab/logo.png"), [0x89, b'P', b'N', b'G', 0xff]).unwrap();
    let printed = imported(&place);
    let written = place.read("program/images.jenv");
    says(&written, &["tag = \"3.12\" }\n"], &["FLAVOR"]);
    let remarks = printed["remarks"].to_string();
    says(&remarks, &["`base-${TARGETARCH}` is read for `linux/amd64`", "it has no `FROM`"], &[]);
    let checked = place.run(&["check", "program"]);
    assert_eq!(checked.status, 0, "{}", checked.error);
    let named = place.run(&["import", "from/lab/piece.Dockerfile", "--report"]);
    assert_eq!((named.status, named.error.contains("J0103")), (1, true), "{}{}", named.out, named.error);
}

#[test]
fn a_base_that_nobody_names_is_asked_for() {
    let text = "ARG PARENT\nFROM ${PARENT}\nRUN touch /opt/lab\nUSER root\n";
    let (place, layer) = of(text, &[]);
    says(&layer, &["nothing here says what `${PARENT}` is: name the image"], &[]);
    assert!(place.read("program/images.jenv").contains("ref = \"registry.example.org/owner/parent\""));
}

#[test]
fn words_in_a_variable_are_words() {
    let text = "FROM python:3.12\nRUN buildDeps='  httpx==0.28.1   rich  ' && pip install --no-cache-dir $buildDeps && touch /opt/done\n\
        RUN conda create -y -n lab-2023.5 numpy\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["httpx ==0.28.1", "rich", "run \"conda create -y -n lab-2023.5 numpy\""], &[]);
}

#[test]
fn what_one_layer_repeats_is_no_fragment() {
    let same = "RUN rm -rf /a\nWORKDIR /opt\nLABEL who=\"me\"\nRUN touch /a\n";
    let text = format!("FROM ubuntu:24.04\n{same}RUN touch /b\n{same}RUN touch /c\n");
    let (_, layer) = of(&text, &[]);
    says(&layer, &["touch /c"], &["include"]);
}

#[test]
fn packages_of_julia_are_a_list_and_what_is_none_says_why() {
    let text = "FROM ubuntu:24.04\nUSER root\n\
        RUN julia -e 'using Pkg; Pkg.add([\"IJulia\", \"CSV\"]); Pkg.add(name=\"DIVAnd\", version=\"2.7.9\")'\n\
        RUN julia -e 'using Pkg; Pkg.add(\"A\"); using A; f()'\nCOPY r.deb /tmp/\nRUN apt-get update && apt-get install -y /tmp/r.deb\n\
        RUN pip install -r https://example.org/list.txt\nRUN pip install -c https://example.org/bounds.txt httpx\n";
    let (_, layer) = of(text, &[("lab/r.deb", "!\n")]);
    let wanted = [
        "julia",
        "IJulia",
        "DIVAnd ==2.7.9",
        "lab/Dockerfile:4: the expression does more than `Pkg.add` of names",
        "lab/Dockerfile:6: the name of the package in `/tmp/r.deb` is taken from that of its file",
        "lab/Dockerfile:7: what `https://example.org/list.txt` lists is known when the image is built",
        "lab/Dockerfile:8: a list has no bounds from a file: write `-c https://example.org/bounds.txt` into a requirement file",
    ];
    says(&layer, &wanted, &["Pkg.add(["]);
}

#[test]
fn several_calls_of_one_expression_are_one_list() {
    let text = "FROM rocker/r-ver:4.4.1\nRUN Rscript -e \"install.packages('DBI'); install.packages(c('a', 'b'));\"\n\
        RUN Rscript -e \"install.packages('x'); library(x)\"\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["DBI", "library(x)"], &["install.packages('DBI')"]);
}

#[test]
fn what_looks_like_a_pipe_in_quotes_is_none() {
    let text = "FROM ubuntu:24.04\nRUN sed -i -e 's|^A=.*$|A=1|' /etc/a && echo \"it's | so\" && awk '{ print $1 | \"sort\" }' /etc/a\n\
        RUN true && curl https://example.org/x | bash\nRUN true && x=$(uname -a | head -n1) && echo $x\n";
    let (_, layer) = of(text, &[]);
    let remarks = layer.matches("a failure in the first part of the pipe stops the build now").count();
    assert_eq!(remarks, 1, "{layer}");
}

#[test]
fn a_context_is_any_folder_above_a_dockerfile() {
    let text = "FROM ubuntu:24.04\nCOPY lab/one.sh /opt/\nCOPY other/two.sh /opt/\n";
    let place = originals(
        [("deep/down/lab/Dockerfile", text), ("deep/down/lab/one.sh", "1\n"), ("deep/down/other/two.sh", "2\n")]
            .map(|(path, text)| (path.to_owned(), text.to_owned())),
    );
    imported(&place);
    proven(&place);
    assert!(place.has("program/files/deep/down/other/two.sh"));
}

#[test]
fn a_folder_that_is_made_for_a_download_is_no_step_of_its_own() {
    let text = "FROM ubuntu:24.04\nRUN echo 'deb https://example.org/x jammy main' > /etc/apt/sources.list.d/x.list\n\
        RUN curl -fsSL https://example.org/x.asc > /etc/apt/trusted.gpg.d/x.asc\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["file \"/etc/apt/sources.list.d/x.list\"", "fetch \"https://example.org/x.asc\""], &["folder", "run"]);
}

#[test]
fn commands_whose_failure_is_ignored_may_stand_before_a_list() {
    let text = "FROM python:3.12\nCOPY icon.svg /tmp/\n\
        RUN cp /tmp/icon.svg /srv/a.svg || true && cp /tmp/icon.svg /srv/b.svg || true && pip install httpx\n";
    let (_, layer) = of(text, &[("lab/icon.svg", "<svg/>\n")]);
    says(&layer, &["run \"cp /tmp/icon.svg /srv/a.svg || true && cp /tmp/icon.svg /srv/b.svg || true\"", "pip { httpx }"], &[]);
}

#[test]
fn a_list_may_come_with_the_whole_context() {
    let text = "FROM python:3.12\nWORKDIR /srv/app\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\n\
        RUN --mount=type=bind,target=/context pip install -r /context/more/needs.txt\n";
    let files = [("Dockerfile", text), ("requirements.txt", "httpx\n"), ("more/needs.txt", "rich ==13.*\nruamel.yaml\nx.toml\n")];
    let place = originals(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    imported(&place);
    proven(&place);
    says(&place.read("program/layers/from.jenv"), &["pip { httpx  rich ==13.*  ruamel.yaml  \"x.toml\" }"], &["run"]);
}

#[test]
fn a_template_is_named_and_a_file_without_a_value_too() {
    let text = "FROM ubuntu:24.04\nARG COURSE\nCOPY needs/${COURSE}/list.txt /opt/\nRUN echo {{ flavour }}\n";
    let files =
        [("lab/Dockerfile", text), ("web/Dockerfile.j2", "FROM {{ base }}\n"), ("gpu/Dockerfile", "{% if gpu %}\nFROM a\n{% endif %}\n")];
    let place = originals(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let ran = place.run(&["import", "from", "--to", "program"]);
    let said = [
        "`{{ flavour }}` is filled in by a program that is not read",
        "`{{ base }}` is filled in by a program that is not read",
        "`{% if gpu %}` is filled in by a program that is not read",
        "nothing in this repository sets `COURSE`",
    ];
    for words in said {
        assert!(ran.out.contains(words), "{words}\n{}{}", ran.out, ran.error);
    }
}

#[test]
fn a_chain_is_written_line_by_line() {
    let text = "FROM quay.io/jupyter/base-notebook:2025-06-02\nENV TOOL_DIR=/opt/tool\n\
        RUN VERSION=1.14 && cd /tmp \\\n    # the archive \\\n    && wget   -q \"https://example.org/tool-$VERSION.tar.gz\" \\\n\
        && tar -xzf \"tool-$VERSION.tar.gz\" -C ${TOOL_DIR} && fix-permissions $CONDA_DIR\n\
        RUN cd /srv && wget -q https://example.org/$NOBODY/data.tar.gz && sha256sum --check data.sum && tar -xzf data.tar.gz\n\
        RUN echo \"a  b\" > /opt/a\n\
        RUN cd /srv && ! grep -q something-that-must-not-be-there /etc/passwd && touch /srv/this-is-a-file-with-a-long-name /srv/done\n";
    let (_, layer) = of(text, &[]);
    let known = "\"\"\"\n    VERSION=1.14\n    cd /tmp\n    wget -q \"https://example.org/tool-$VERSION.tar.gz\"\n\
        \x20   tar -xzf \"tool-$VERSION.tar.gz\" -C ${TOOL_DIR}\n";
    // A line stops at a variable that has no value, and what `!` turns around stops nothing.
    let unknown = "\"\"\"\n    set +u\n    cd /srv\n    wget -q https://example.org/$NOBODY/data.tar.gz\n";
    says(&layer, &[known, unknown, "run 'echo \"a  b\" > /opt/a'\n", "cd /srv && ! grep -q"], &["# the archive \\\n"]);
}

#[test]
fn a_tag_names_an_image_of_the_repository() {
    let from = "ARG parent=base\nARG day\nFROM quay.io/example/lab:${parent}-${day}\nRUN touch /opt/full\n";
    let other = "ARG day\nFROM quay.io/example/lab:other-${day}\nRUN touch /opt/next\n";
    let files = [("base/Dockerfile", "FROM debian:12\nRUN touch /opt/base\n"), ("full/Dockerfile", from), ("next/Dockerfile", other)];
    let place = originals(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let remarks = imported(&place)["remarks"].to_string();
    assert!(place.read("program/layers/full.jenv").contains("  from base\n"));
    says(
        &remarks,
        &[
            "`quay.io/example/lab:${parent}-${day}` is taken for what `base/Dockerfile` builds",
            "nothing here says what `quay.io/example/lab:other-${day}` is: name its tag",
        ],
        &[],
    );
}

#[test]
fn files_that_a_step_writes_in_full_are_files() {
    let text = "FROM quay.io/jupyter/base-notebook:2026-07-28\nUSER root\n\
        RUN echo '[global]' > /etc/pip.conf && echo 'timeout = 60' >> /etc/pip.conf && printf '%s\\n' 'a: \"b\"' c > /etc/x.yml\n\
        RUN cat <<'EOF' > /etc/profile.d/lab.sh\nexport A=$B\n\tb\nEOF\n\
        RUN echo '#!/bin/bash' > /usr/local/bin/go && echo 'exec \"$@\"' >> /usr/local/bin/go && chmod +x /usr/local/bin/go\n\
        RUN mkdir /etc/lab && echo 'x=1' >> /etc/lab/lab.conf\n\
        COPY --chmod=600 --chown=1000:100 <<'EOF' /opt/lab/text\n${HOME}\n\nEOF\n\
        USER $NB_UID\nRUN echo 'backend: Agg' | tee /home/jovyan/matplotlibrc\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "  file \"/etc/pip.conf\" \"\"\"\n    [global]\n    timeout = 60\n  \"\"\"\n",
        "  file \"/etc/x.yml\" \"\"\"\n    a: \"b\"\n    c\n  \"\"\"\n",
        "  file \"/etc/profile.d/lab.sh\" \"\"\"\n    export A=$B\n    \tb\n  \"\"\"\n",
        "  file \"/usr/local/bin/go\" mode 755 '''\n    #!/bin/bash\n    exec \"$@\"\n  '''\n",
        "  file \"/etc/lab/lab.conf\" \"x=1\"\n",
        "  file \"/opt/lab/text\" owner user mode 600 \"${HOME}\\n\"\n",
        "  file \"/home/jovyan/matplotlibrc\" owner user \"backend: Agg\"\n",
    ];
    says(&layer, &wanted, &["echo", "printf", "chmod", "cat "]);
    assert_eq!(place.run(&["check", "program"]).status, 0);
}

#[test]
fn answers_of_the_system_and_options_in_variables_leave_lists_lists() {
    let text = "FROM debian:13\nRUN arch=\"$(dpkg --print-architecture)\" && unused=1 && apt-get update && apt-get install -y curl \\\n\
        && curl -sLO https://example.org/x-${arch}.deb && dpkg -i x-${arch}.deb \\\n\
        && export PIP_BREAK_SYSTEM_PACKAGES=1 && pip install httpx && cd /tmp && wget https://example.org/a.txt && mv a.* /opt/ \\\n\
        && now=$(date) && pip install first && echo $now > /built && pip install rich\n\
        RUN PIP_INDEX_URL=https://pypi.example.org/simple pip install six\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "apt recommends { curl }\n",
        "arch=\"$(dpkg --print-architecture)\"",
        "{ httpx }",
        "pip install first",
        "{ rich }",
        "index \"https://pypi.example.org/simple\"",
    ];
    says(&layer, &wanted, &["unused", "apt-get", "pip install rich", "PIP_INDEX"]);
    assert!(place.read("program/images.jenv").contains("--break-system-packages"));
}

#[test]
fn what_the_shell_or_the_image_decides_stays_a_command() {
    let text = "FROM quay.io/jupyter/base-notebook:2026-07-28\nUSER root\n\
        RUN echo 'x' >> /etc/bash.bashrc\nRUN echo \"$LANG\" > /etc/lab-lang\nRUN echo '#!/bin/bash' > /usr/local/bin/start.sh\n\
        RUN echo x > /home/jovyan/.bashrc\nCOPY a.conf /etc/a.conf\nRUN echo x > /etc/a.conf\n\
        RUN echo x > /etc/b.conf && sed -i s/x/y/ /etc/b.conf && echo z >> /etc/b.conf\nRUN printf x > /etc/c.conf\n\
        RUN echo '127.0.0.1 lab' > /etc/hosts\n";
    let (_, layer) = of(text, &[("lab/a.conf", "a\n")]);
    let wanted = [
        ">> /etc/bash.bashrc",
        "> /etc/lab-lang",
        "> /usr/local/bin/start.sh",
        "echo x > /home/jovyan/.bashrc",
        "echo x > /etc/a.conf",
        "file \"/etc/b.conf\" \"x\"",
        "echo z >> /etc/b.conf",
        "printf x > /etc/c.conf",
        "> /etc/hosts",
    ];
    says(&layer, &wanted, &["file \"/etc/a.conf\"", "file \"/etc/hosts\""]);
}
