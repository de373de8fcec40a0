//! Kinds of steps that public repositories have, each as what it means.

use super::habits::{of, says};
use super::{imported, originals, proven};

#[test]
fn modes_and_owners_that_follow_a_copy_are_part_of_it() {
    let text = "FROM ubuntu:24.04\nRUN useradd -m -u 1000 -g 100 jo\nCOPY start.sh /usr/local/bin/\nRUN chmod +x /usr/local/bin/start.sh\n\
        COPY one.sh two.sh /opt/\nRUN mkdir /srv/x && chmod 0700 /opt/one.sh /opt/two.sh\n\
        COPY three.sh /opt/\nRUN chown jo:100 /opt/three.sh && chmod a+w /opt/three.sh && chmod -R 755 /srv\n\
        COPY four.sh five.sh /opt/\nRUN chmod +x /opt/four.sh\n\
        COPY six.sh /opt/\nRUN bash /opt/six.sh && chmod 600 /opt/six.sh\nCOPY bin /usr/bin/\nRUN chmod +x /usr/bin/tool\nUSER jo\n";
    let names = ["start", "one", "two", "three", "four", "five", "six"].map(|name| format!("lab/{name}.sh"));
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "true\n")).chain([("lab/bin/tool", "true\n")]).collect();
    let (_, layer) = of(text, &files);
    let wanted = [
        "start.sh\" to \"/usr/local/bin/\" mode 755\n",
        "two.sh\" to \"/opt/\" mode 700\n",
        "three.sh\" to \"/opt/\" owner user mode 666\n",
        "chmod -R 755 /srv",
        // One of two files, a file that was run before, and one of a folder.
        "chmod +x /opt/four.sh",
        "chmod 600 /opt/six.sh",
        "chmod +x /usr/bin/tool",
    ];
    says(&layer, &wanted, &["chmod +x /usr/local", "chmod 0700", "a+w", "chown"]);
}

#[test]
fn an_account_of_the_group_root_owns_files() {
    let text = "FROM registry.example.org/ubi9/python-311:1\nUSER 0\nCOPY --chown=1001:0 a.txt /opt/app-root/\nUSER 1001\n\
        COPY --chown=1001:0 b.txt /opt/app-root/\n";
    let (_, layer) = of(text, &[("lab/a.txt", "a\n"), ("lab/b.txt", "b\n")]);
    says(&layer, &["user \"1001\" { uid = 1001  gid = 0 }", "a.txt\" to \"/opt/app-root/\" owner user", "b.txt\" to"], &["chown"]);
}

#[test]
fn commands_behind_a_list_of_the_distribution_are_in_its_layer() {
    let text = "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y --no-install-recommends locales && locale-gen de_DE.UTF-8 \
        && rm -rf /var/lib/apt/lists/*\nENV LANG=de_DE.UTF-8\nRUN apt-get upgrade -y && touch /opt/x\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["apt { locales } then \"locale-gen de_DE.UTF-8\"\n", "apt upgrade\n", "run \"touch /opt/x\"\n"], &[]);
}

/// The compiler takes the indexes of apt away behind each list.
#[test]
fn a_command_of_apt_that_is_no_list_has_its_index() {
    let text = "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y curl && apt-get install -y --reinstall less\n\
        RUN apt-get autoremove -y\n";
    let (_, layer) = of(text, &[]);
    says(
        &layer,
        &["apt recommends { curl } then \"apt-get update && apt-get install -y --reinstall less && rm -rf /var/lib/apt/lists/*\"\n"],
        &[],
    );
    assert_eq!(layer.matches("apt-get update").count(), 1, "{layer}");
}

#[test]
fn a_branch_in_a_chain_is_one_of_its_commands() {
    let text = "FROM python:3.12\nRUN pip install six && if [ -f /opt/x ]; then touch /opt/y; fi && pip install rich\n\
        RUN if [ -f /opt/x ]; then false; touch /opt/y; fi\nRUN if [ -f /opt/x ] && [ -f /opt/y ]; then pip install httpx; fi\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "pip { six }\n",
        "run \"if [ -f /opt/x ]; then touch /opt/y; fi\"\n",
        "pip { rich }\n",
        // The failure in the middle was swallowed.
        "run \"set +e; if [ -f /opt/x ]; then false; touch /opt/y; fi\"\n",
        "run \"if [ -f /opt/x ] && [ -f /opt/y ]; then pip install httpx; fi\"\n",
    ];
    says(&layer, &wanted, &[]);
    assert_eq!(place.read("program/layers/lab.jenv").matches("stops nothing").count(), 1);
}

#[test]
fn folders_are_words_where_they_are_the_same() {
    let text = "FROM ubuntu:24.04\nARG DATA=/srv/data\nRUN useradd -m -u 1000 -g 100 jo\nRUN mkdir -p $DATA /srv/more\n\
        RUN mkdir /opt/lab && chown -R jo:100 /opt/lab && chmod g+w /opt/lab\nRUN install -d -o jo -g 100 -m 700 \"/opt/keys\"\n\
        RUN mkdir -p /var/lab && chmod 1777 /var/lab\nRUN mkdir -m 750 /opt/kit\nRUN mkdir -p /opt/files\nCOPY a.txt /opt/files/\n\
        USER jo\nRUN mkdir /home/jo/work && chmod 700 /home/jo/work\nRUN mkdir -p /home/jo/plots\n\
        RUN mkdir -p /home/jo/a/b\nRUN mkdir /home/jo/{c,d}\n\
        USER root\nRUN mkdir -p /opt/q && chown jo /opt/q\nRUN mkdir -p /opt/r && chown -R jo:100 /opt/r\nRUN mkdir -p /opt/s && \
        chmod 600 /opt/s\n\
        RUN mkdir -p /opt/t && chmod g+w /opt/t\nUSER jo\n";
    let (_, layer) = of(text, &[("lab/a.txt", "a\n")]);
    let wanted = [
        "folder \"/srv/data\" \"/srv/more\"\n",
        "folder \"/opt/lab\"  owner user mode 775\n",
        "folder \"/opt/keys\" owner user mode 700\n",
        "folder \"/var/lab\" mode 1777\n",
        "folder \"/opt/kit\" mode 750\n",
        "folder \"/home/jo/work\" owner user mode 700\n",
        "folder \"/home/jo/plots\" owner user\n",
        // Those above would be root's, the group another, and who knows what is there already.
        "mkdir -p /home/jo/a/b",
        "mkdir /home/jo/{c,d}\"\n",
        "    mkdir -p /opt/q\n    chown jo /opt/q\n",
        "    mkdir -p /opt/r\n    chown -R jo:100 /opt/r\n",
        "    mkdir -p /opt/s\n    chmod 600 /opt/s\n",
        "    mkdir -p /opt/t\n    chmod g+w /opt/t\n",
    ];
    says(&layer, &wanted, &["/opt/files\"\n", "chown -R jo:100 /opt/lab"]);
}

/// What each command of a chain is does not depend on the others: what goes on after a failure still does.
#[test]
fn a_chain_is_cut_around_what_goes_on_after_a_failure() {
    let text = "FROM debian:12\nARG FLAVOUR=plain\nRUN arch=\"$(dpkg --print-architecture)\" \\\n  && if [ -x /usr/bin/unpack ]; \
        then \\\n    yes | unpack; \\\n  fi \\\n\
        && apt-get update && apt-get install -y --no-install-recommends curl \\\n  && if [ -z \"$KIT\" ]; then touch /opt/a; \
        touch /opt/b; fi \\\n\
        && for name in a b; do touch /srv/$name; done \\\n  && apt-get install -y --no-install-recommends jq && touch \"/srv/$arch\" \\\n\
        && case $FLAVOUR in plain) touch /srv/p ;; *) touch /srv/q ;; esac && (false; touch /srv/r) | cat && touch /srv/last\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "run \"set +o pipefail && if [ -x /usr/bin/unpack ]; then yes | unpack; fi\"\n",
        "apt { curl }\n",
        "  run \"\"\"\n    set +eu\n    if [ -z \"$KIT\" ]; then touch /opt/a; touch /opt/b; fi &&\n    for name in a b; do touch \
        /srv/$name; done\n",
        "apt { jq }\n",
        "    arch=\"$(dpkg --print-architecture)\" &&\n    touch \"/srv/$arch\" &&\n",
        "    (false; touch /srv/r) | cat &&\n    touch /srv/last\n",
    ];
    says(&layer, &wanted, &[]);
}

/// A variable or a folder that a command leaves keeps what reads it in one step with it.
#[test]
fn what_a_command_leaves_in_the_shell_is_not_cut_off() {
    let text = "FROM debian:12\nRUN kind=a && if [ -f /x ]; then kind=b; fi && apt-get update && apt-get install -y jq && touch \
        /srv/$kind\n\
        RUN touch /one && if [ -f /y ]; then exit 0; fi && apt-get update && apt-get install -y git\n\
        RUN apt-get update && apt-get install -y less && . /etc/os-release && echo $ID | tee /id\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "  run \"kind=a && if [ -f /x ]; then kind=b; fi && apt-get update && apt-get install -y jq && touch /srv/$kind\"\n",
        "run \"touch /one && if [ -f /y ]; then exit 0; fi && apt-get update && apt-get install -y git\"\n",
        "apt recommends { less }\n",
        "run \". /etc/os-release && echo $ID | tee /id\"\n",
    ];
    says(&layer, &wanted, &["less } then", "apt recommends { jq", "apt recommends { \"git"]);
}

/// Where a shell that stops at failures goes on: before `&&` and `||`, whatever stands behind.
#[test]
fn where_a_shell_goes_on_is_kept() {
    let text = "FROM debian:12\nRUN set -e; [ -f /x ] && touch /y; apt-get update; apt-get install -y jq; touch /a || touch /b; \
        touch /c\n\
        RUN touch /d && { touch /e || touch /f; } && { touch /g; }\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "run \"if [ -f /x ]; then touch /y; fi\"\n",
        "apt recommends { jq }\n",
        "run \"touch /a || touch /b && touch /c\"\n",
        "run \"touch /d && { touch /e || touch /f; } && touch /g\"\n",
    ];
    says(&layer, &wanted, &["&& touch /y"]);
}

#[test]
fn what_is_behind_a_here_document_is_a_step_of_its_own() {
    let text = "FROM debian:12\nRUN mkdir /etc/lab && cat <<EOF > /etc/lab/lab.conf && apt-get update && apt-get install -y jq && \
        chmod 600 /etc/lab/lab.conf\n\
        a = 1\nb = 2\nEOF\nRUN cat <<EOF | tee -a /etc/profile && pip install six\nc = 3\nEOF\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "file \"/etc/lab/lab.conf\" mode 600 \"\"\"\n    a = 1\n    b = 2\n  \"\"\"\n",
        "apt recommends { jq }\n",
        "    cat <<EOF | tee -a /etc/profile\n    c = 3\n    EOF\n",
        "pip { six }\n",
    ];
    says(&layer, &wanted, &["chmod"]);
}

#[test]
fn small_commands_side_by_side_are_one_step() {
    let text = "FROM python:3.12\nENV LAB=/opt/lab\nRUN mkdir -p $LAB/bin\nRUN ln -s $LAB/bin /opt/bin\n\
        RUN touch /opt/one /opt/two /opt/three /opt/four /opt/five /opt/six /opt/seven /opt/eight\n\
        RUN echo 'c.ServerApp.terminals_enabled = False'     >> /etc/jupyter.py\n# why\nRUN rm -rf /opt/old\nRUN make -C /src install\n\
        RUN touch /opt/done\nRUN echo \"built\"\nRUN ls -la\n";
    let (_, layer) = of(text, &[]);
    let lines = [
        "  folder \"/opt/lab/bin\"",
        "  run \"\"\"",
        "    ln -s $LAB/bin /opt/bin",
        "    touch /opt/one /opt/two /opt/three /opt/four /opt/five /opt/six /opt/seven /opt/eight",
        "    echo 'c.ServerApp.terminals_enabled = False' >> /etc/jupyter.py",
        "  \"\"\"",
        "  # why",
        "  run \"rm -rf /opt/old\"",
        "  run \"make -C /src install\"",
        "  run \"touch /opt/done\"",
        "}",
    ];
    says(&layer, &[&lines.join("\n")], &["built", "ls -la"]);
}

#[test]
fn permissions_are_put_right_in_the_layer_of_the_list() {
    let text = "FROM quay.io/jupyter/base-notebook:2026-08-03\nRUN mamba install -y xarray && mamba clean -afy\n\
        RUN fix-permissions \"${CONDA_DIR}\" && fix-permissions \"/home/${NB_USER}\"\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["conda { xarray } then 'fix-permissions \"${CONDA_DIR}\" && fix-permissions \"/home/${NB_USER}\"'\n"], &[]);
}

/// Somebody else puts them there: the steps are compared, what is in the files is not.
#[test]
fn files_that_a_repository_lacks_stop_no_comparison() {
    let text =
        "FROM ubuntu:24.04\nCOPY secret.conf /etc/lab/\nRUN --mount=type=bind,source=\"list.txt\",target=/tmp/list.txt cat /tmp/list.txt\n";
    let (place, layer) = of(text, &[]);
    says(&layer, &["`lab/secret.conf` is not in this repository"], &[]);
    let ran = place.run(&["import", "from", "--verify", "program"]);
    let said = "remarked  lab: `lab/list.txt`, `lab/secret.conf` are not in this repository: their contents are not compared\n";
    assert!(ran.out.starts_with("equal     lab: ") && ran.out.ends_with(said), "{}", ran.out);
    place.write("program/layers/lab.jenv", layer.replace("/etc/lab/", "/etc/other/"));
    assert_eq!(place.run(&["import", "from", "--verify", "program"]).status, 2);
}

/// A stack takes a fragment once: what is done again in a layer above is no fragment.
#[test]
fn what_is_done_again_above_is_done_again() {
    let again = "RUN make -C /a\nENV A=1\nRUN make -C /b\nRUN make -C /c\n";
    let files = [
        ("base/Dockerfile", format!("FROM ubuntu:24.04\n{again}")),
        ("lab/Dockerfile", format!("FROM registry.example.org/x/base\nRUN rm -r /a\n{again}")),
        ("other/Dockerfile", format!("FROM debian:12\nRUN cat /etc/os-release\n{again}")),
    ];
    let place = originals(files.into_iter().map(|(path, text)| (path.to_owned(), text)));
    imported(&place);
    proven(&place);
}

#[test]
fn archives_that_are_unpacked_and_taken_away_are_fetched() {
    let sum = "1".repeat(64);
    let text = format!(
        "FROM python:3.12\nENV V=1.2\nRUN mkdir -p /opt/a && cd /tmp && wget -q https://example.org/a-$V.tgz && \\\n\
         echo \"{sum} *a-$V.tgz\" | sha256sum -c - && tar xzf a-$V.tgz -C /opt/a --strip-components=1 && rm a-$V.tgz\n\
         RUN curl -fsSL https://example.org/b.tar.xz | tar -xJ --no-same-owner -C /opt/b\nUSER 1000\n\
         RUN curl -LO https://example.org/c.zip && unzip -q c.zip -d /srv && rm c.zip && touch /srv/d\n\
         RUN wget https://example.org/e.tgz && tar xf e.tgz -C /srv one/file && rm e.tgz\nRUN curl -o /srv/f https://example.org/f\n"
    );
    let (_, layer) = of(&text.replace("USER 1000", "WORKDIR /home/jo\nUSER 1000"), &[]);
    let wanted = [
        &format!("fetch \"https://example.org/a-1.2.tgz\" sha256 \"{sum}\" to \"/opt/a/\" unpack strip 1\n"),
        "belongs to root, not to the numbers in the archive",
        "fetch \"https://example.org/b.tar.xz\" to \"/opt/b/\" unpack\n",
        "fetch \"https://example.org/c.zip\" to \"/srv/\" owner user unpack\n",
        "touch /srv/d",
        "tar xf e.tgz -C /srv one/file",
        "fetch \"https://example.org/f\" to \"/srv/f\" owner user mode 644\n",
    ];
    says(&layer, &wanted, &["a-$V", "rm c.zip", "mkdir"]);
}

#[test]
fn packages_of_addresses_and_bounds_of_files_are_lists() {
    let text = "FROM rockylinux:9\nRUN dnf install -y https://example.org/9/epel-release-latest-9.noarch.rpm\nCOPY bounds.txt /opt/\n\
        RUN pip install -c /opt/bounds.txt httpx\nRUN pip install https://github.com/example/proxy/archive/main.zip\n\
        RUN --mount=type=bind,source=bounds.txt,target=/tmp/bounds.txt pip install -c /tmp/bounds.txt rich\n\
        RUN mamba install -y -v 'r-base=4.0*'\n";
    let (place, layer) = of(text, &[("lab/bounds.txt", "httpx<1\n")]);
    let wanted = [
        "dnf recommends { epel-release url \"https://example.org/9/epel-release-latest-9.noarch.rpm\" }",
        "pip-constraint { httpx }",
        "{ proxy url \"https://github.com/example/proxy/archive/main.zip\" }",
        "\"pip install -c /tmp/bounds.txt rich\"",
        "`r-base=4.0*` also took versions that go on with a digit; `r-base=4.0` does not",
        "conda { r-base =4.0 }",
    ];
    says(&layer, &wanted, &[]);
    assert!(place.read("program/images.jenv").contains("pip install --no-cache-dir --constraint /opt/bounds.txt"));
}

#[test]
fn a_list_that_a_program_wrote_stays_a_file() {
    let many: String = (0..200).fold("# This file was autogenerated by uv\n".to_owned(), |all, at| format!("{all}package-{at}==1.{at}\n"));
    let (_, layer) = of("FROM python:3.12\nCOPY list.txt /tmp/\nRUN pip install -r /tmp/list.txt\n", &[("lab/list.txt", &many)]);
    says(&layer, &["pip file \"../files/lab/list.txt\"\n"], &["package-1"]);
}

/// Such a variable stands before the command of an installer: none is lost, and none holds for other lists.
#[test]
fn variables_before_a_command_are_an_installer() {
    let text = "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y --no-install-recommends curl && \\\n\
        ACCEPT_EULA=Y apt-get install -y --no-install-recommends msodbcsql18\n\
        RUN CMAKE_ARGS=\"-DGGML_CUDA=on -DX=1\" pip install llama-cpp-python\n\
        RUN pip install rich\nRUN PIP_TARGET=/opt/x pip install httpx\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "apt             { curl }\n",
        "apt-accept-eula { msodbcsql18 }\n",
        "pip-cmake-args  { llama-cpp-python }\n",
        "pip             { rich }\n",
        "run \"PIP_TARGET=/opt/x pip install httpx\"\n",
    ];
    says(&layer, &wanted, &["as root"]);
    let images = place.read("program/images.jenv");
    let wanted = [
        "\"ACCEPT_EULA=Y DEBIAN_FRONTEND=noninteractive apt-get install",
        "\"CMAKE_ARGS='-DGGML_CUDA=on -DX=1' pip install --no-cache-dir\"",
    ];
    says(&images, &wanted, &["replace"]);
}

#[test]
fn a_download_stays_a_command_where_one_behind_it_takes_it_away() {
    let text = "FROM python:3.12\nRUN mkdir -p /opt/bin && wget -q -O /opt/bin/tool https://example.org/t && chmod +x /opt/bin/tool\n\
        RUN curl -fsSL https://example.org/k.jar > /opt/k.jar\nRUN wget https://example.org/a.zip && unzip a.zip one && rm -f ./*.zip\n\
        RUN wget -P /tmp/w https://example.org/b && rm -rf /tmp/w\nRUN curl -k -o /opt/c https://example.org/c\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "fetch \"https://example.org/t\" to \"/opt/bin/tool\" mode 755\n",
        "fetch \"https://example.org/k.jar\" to \"/opt/k.jar\" mode 644\n",
        "wget https://example.org/a.zip",
        "wget -P /tmp/w",
        "curl -k -o /opt/c",
    ];
    says(&layer, &wanted, &["mkdir", "chmod"]);
}

#[test]
fn what_pip_brings_to_an_environment_of_a_file_is_in_its_list() {
    let file = "name: geo\nchannels: [conda-forge]\ndependencies:\n  - gdal\n  - pip:\n    - rasterstats==0.20\n";
    let text =
        "FROM quay.io/jupyter/minimal-notebook:2026-07-28\nCOPY environment.yml /tmp/\nRUN mamba env create -f /tmp/environment.yml\n";
    let (_, layer) = of(text, &[("lab/environment.yml", file)]);
    says(&layer, &["conda env geo channel \"conda-forge\" { gdal  pip { rasterstats ==0.20 } }\n"], &["run"]);
}

#[test]
fn comments_of_a_chain_stay_over_what_they_are_about() {
    let text = "FROM ubuntu:24.04\n# The tools\nRUN apt-get update && \\\n\
        \x20   # people compile\n    apt-get install -y --no-install-recommends gcc && \\\n\
        \x20   # for the data of all\n    mkdir -p /srv/data && \\\n    # clean up\n    rm -rf /var/lib/apt/lists/*\n\
        RUN a || b; \\\n    # swallowed\n    c\nRUN <<EOF\nset -e\n# first\nmake a\nif b; then\n  # within\n  make b\nfi\nEOF\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "# The tools\n",
        "gcc because \"people compile\"\n",
        "# for the data of all\n",
        "  # swallowed\n  # import",
        "  # first\n  run",
        "    # within\n",
    ];
    says(&layer, &wanted, &["clean up", "  # within\n  run"]);
}

#[test]
fn r_takes_the_beginning_of_a_name() {
    let text = "FROM rockylinux:9\nRUN R -e 'install.packages(\"vioplot\", repo=\"https://cran.example.org\", type=\"source\")'\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["cran index \"https://cran.example.org\" { vioplot }\n"], &["run"]);
}

/// GitHub reads workflows at the top of a repository alone.
#[test]
fn a_program_below_the_top_of_its_repository_says_where_it_is() {
    let text = "FROM python:3.12\nRUN pip install httpx\n".to_owned();
    let config = ("../.git/config".to_owned(), "[remote \"origin\"]\n\turl = https://github.com/example/labs.git\n".to_owned());
    for (at, written) in [("program", "root = \"program\""), ("deploy/hub", "root = \"deploy/hub\"")] {
        let place = originals([("Dockerfile".to_owned(), text.clone()), config.clone()]);
        for arguments in [&["import", "from", "--to", at][..], &["check", at], &["build", at], &["import", "from", "--verify", at]] {
            let ran = place.run(arguments);
            assert_eq!((ran.status, ran.error.contains("error")), (0, false), "{arguments:?}{}{}", ran.out, ran.error);
        }
        says(&place.read(&format!("{at}/main.jenv")), &[written], &[]);
        assert!(place.has(".github/workflows/images.yml"));
    }
}

#[test]
fn a_file_that_begins_elsewhere_stops_no_other() {
    let files = [("lab/Dockerfile", "FROM python:3.12\nRUN pip install httpx\n"), ("gpu/Dockerfile", "RUN true\nFROM python:3.12\n")];
    let place = originals(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let remarks = imported(&place)["remarks"].to_string();
    says(&remarks, &["`RUN` stands before the first `FROM`: something else makes a Dockerfile of it; it is left out"], &[]);
    says(&place.read("program/layers/lab.jenv"), &["pip { httpx }\n"], &[]);
    assert!(!place.has("program/layers/gpu.jenv"));
    proven(&place);
}
