//! What a program says, and the Dockerfile that comes of it: what a reader of the program relies on.

use jenvc::base::MemoryFiles;
use jenvc::driver::{Outcome, compile};

const BASE: &str = r#"
project demo { registry = "ghcr.io/demo"  source = "https://github.com/demo/images" }
image notebook {
  ref    = "quay.io/jupyter/base-notebook"
  digest = "sha256:4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f"
  prefix = "/opt/conda"
  user jovyan { uid = 1000  gid = 100  home = "/home/jovyan" }
}
output dockerfiles { dir = "images" }
output bake { path = "docker-bake.json" }
"#;

/// Compiles a program with these statements behind an image `notebook`, and with the files that the tests copy.
fn outcome(program: &str) -> Outcome {
    let mut files = MemoryFiles::default();
    files.insert("main.jenv", format!("{BASE}{program}"), false);
    for path in
        ["a.txt", "b.txt", "pages/b.txt", "pages/inner/a.txt", "html/a.html", "html/b.html", "html/in/c", "data[1].txt", "two words/a"]
    {
        files.insert(path, path, false);
    }
    files.insert("e.yml", "dependencies:\n - dask\n", false);
    files.insert("site/index.html", "<!doctype html>\n<!-- Written by jenvc from main.jenv: change it there. -->\n", false);
    files.insert("site/style.css", "a {}", false);
    files.insert(".git/config", "[core]", false);
    files.insert(".jenv/docker/config.json", "{}", false);
    compile(&files, "main.jenv")
}

/// The Dockerfile of the layer `lab`, from the line behind its labels.
fn dockerfile(layer: &str) -> String {
    artifact(&format!("layer lab {{ from notebook\n{layer}\n}}"), "images/lab/Dockerfile")
}

fn artifact(program: &str, path: &str) -> String {
    let outcome = outcome(program);
    let found = outcome.artifacts.iter().find(|artifact| artifact.path == path);
    let text = found.unwrap_or_else(|| panic!("{}", outcome.findings.iter().map(|one| one.message.clone()).collect::<String>()));
    text.text.clone()
}

#[test]
fn the_mode_of_a_file_reaches_no_new_folder() {
    let text = dockerfile("copy \"a.txt\" to \"/opt/tool/\" mode 644\ncopy \"b.txt\" to \"/opt/more/b.txt\" mode 600");
    let steps = "RUN mkdir -p /opt/tool /opt/more\nCOPY --chmod=644 a.txt /opt/tool/\nCOPY --chmod=600 b.txt /opt/more/b.txt\n";
    assert!(text.contains(steps), "{text}");
    let text = dockerfile(
        r#"fetch "https://example.org/x.jar" sha256 "abababababababababababababababababababababababababababababababab" to "/opt/jars/""#,
    );
    assert!(text.contains("RUN mkdir -p /opt/jars\nADD --chmod=644 "), "{text}");
}

#[test]
fn folders_that_are_there_are_not_made() {
    for (layer, why) in [
        (r#"copy "a.txt" to "/etc/" mode 644"#, "every image has it"),
        (r#"copy "a.txt" to "/home/jovyan/" mode 644"#, "the home"),
        (r#"copy "a.txt" to "/opt/conda/" mode 644"#, "where conda is"),
        (r#"copy "a.txt" to "/opt/tool/""#, "no mode, so nothing to keep from it"),
        (r#"copy "a.txt" to "/opt/tool/" mode 755"#, "a folder may have it"),
        ("copy \"a.txt\" to \"/opt/tool/\"\ncopy \"b.txt\" to \"/opt/tool/\" mode 644", "the first copy makes it"),
        ("workdir \"/opt/tool\"\ncopy \"a.txt\" to \"/opt/tool/\" mode 644", "the working directory"),
    ] {
        assert!(!dockerfile(layer).contains("mkdir"), "{why}: {}", dockerfile(layer));
    }
    let text = dockerfile("run as root \"mkdir -p /opt/tool\"\ncopy \"a.txt\" to \"/opt/tool/\" mode 644");
    assert_eq!(text.matches("mkdir").count(), 1, "{text}");
    let below = "layer below { from notebook  copy \"b.txt\" to \"/opt/tool/\" }";
    let above = format!("{below}\nlayer lab {{ from below  copy \"a.txt\" to \"/opt/tool/\" mode 644 }}");
    assert!(!artifact(&above, "images/lab/Dockerfile").contains("mkdir"));
}

#[test]
fn new_folders_belong_to_whom_the_files_do() {
    let text = dockerfile(r#"copy "a.txt" to "/home/jovyan/.config/tool/" owner user mode 600"#);
    assert!(text.contains("RUN mkdir -p /home/jovyan/.config/tool\nCOPY --chown=1000:100 --chmod=600"), "{text}");
    assert!(!text.contains("USER root"), "the account makes it: {text}");
    let text = dockerfile(r#"copy "a.txt" to "/opt/tool/" owner user mode 644"#);
    assert!(text.contains("USER root\nRUN { [ -d /opt/tool ] || install -d -o 1000 -g 100 /opt/tool; }\nCOPY"), "{text}");
}

#[test]
fn a_working_directory_belongs_to_the_account_behind_a_step_of_root() {
    let text = dockerfile("run as root \"ldconfig\"\nworkdir \"/scratch\"");
    assert!(text.contains("RUN ldconfig\n\nUSER 1000\nWORKDIR /scratch\n"), "{text}");
}

const SECRETS: &str = r#"
layer lab {
  from notebook
  credential inner-index env "PIP_INDEX_URL"
  credential netrc file "/root/.netrc" from "GIT_NETRC"
  pip { rich ==14.0.0 }
  pip with inner-index { inner-tools ==1.2 }
  run as root with netrc "git clone https://git.example.org/x.git"
}
layer top { from lab  run "true" }
output workflow { path = ".github/workflows/images.yml" }
"#;

#[test]
fn a_secret_is_mounted_only_in_the_steps_that_name_it() {
    let text = artifact(SECRETS, "images/lab/Dockerfile");
    let index = "RUN --mount=type=secret,id=inner-index,required=true,uid=1000 \\\n    \
                 PIP_INDEX_URL=\"$(cat /run/secrets/inner-index)\" && \\\n    \
                 export PIP_INDEX_URL && \\\n    pip install --no-cache-dir \\\n        inner-tools==1.2\n";
    assert!(text.contains(index), "{text}");
    let netrc = "RUN --mount=type=secret,id=netrc,required=true,target=/root/.netrc \\\n    git clone https://git.example.org/x.git\n";
    assert!(text.contains(netrc), "{text}");
    assert_eq!(text.matches("type=secret").count(), 2, "{text}");
    assert!(text.contains(" --secret id=inner-index,env=INNER_INDEX --secret id=netrc,env=GIT_NETRC .\n"), "{text}");
    assert!(!artifact(SECRETS, "images/top/Dockerfile").contains("secret"));
}

#[test]
fn a_secret_comes_from_the_environment_and_from_github() {
    let bake: serde_json::Value = serde_json::from_str(&artifact(SECRETS, "docker-bake.json")).unwrap();
    let secrets = serde_json::json!(["id=inner-index,env=INNER_INDEX", "id=netrc,env=GIT_NETRC"]);
    assert_eq!(bake["target"]["lab"]["secret"], secrets);
    assert!(bake["target"]["top"]["secret"].is_null());
    let workflow = artifact(SECRETS, ".github/workflows/images.yml");
    // The image above may have to build the one below.
    assert_eq!(workflow.matches("INNER_INDEX: ${{ secrets.INNER_INDEX }}").count(), 3, "{workflow}");
    let cell = artifact(SECRETS, ".github/workflows/images-cell.yml");
    assert!(cell.contains("          GIT_NETRC: ${{ secrets.GIT_NETRC }}\n"), "{cell}");
}

#[test]
fn own_files_are_bound_into_a_step() {
    let text = dockerfile("run with \"a.txt\" with \"pages\" at \"/mnt/pages\" \"ls /tmp/a.txt /mnt/pages\"");
    let step = "RUN --mount=type=bind,source=a.txt,target=/tmp/a.txt \\\n    --mount=type=bind,source=pages,target=/mnt/pages \\\n    ls ";
    assert!(text.contains(step), "{text}");
    let ignore = artifact("layer lab { from notebook  run with \"pages\" \"true\" }", "images/lab/Dockerfile.dockerignore");
    assert!(ignore.ends_with("*\n!pages/b.txt\n!pages/inner/a.txt\n"), "{ignore}");
    for wrong in ["run with \"a.txt\" with \"a.txt\" \"true\"", "run with \"a,b.txt\" \"true\"", "run with \"a.txt\" at \"x\" \"true\""] {
        assert!(outcome(&format!("layer lab {{ from notebook\n{wrong}\n}}")).findings.has_errors(), "{wrong}");
    }
}

/// `BuildKit` looks up the contexts of a bake file by the name that a reference has on Docker Hub.
#[test]
fn the_bake_file_links_images_of_docker_hub_under_their_short_names() {
    let cases = [("docker.io/demo", "demo/lab:"), ("index.docker.io/demo", "demo/lab:"), ("quay.io/demo", "quay.io/demo/lab:")];
    for (registry, name) in cases {
        let mut files = MemoryFiles::default();
        let program = "layer lab { from notebook\nrun \"true\" }\nlayer more { from lab\nrun \"true\" }";
        files.insert("main.jenv", format!("{}{program}", BASE.replace("ghcr.io/demo", registry)), false);
        let outcome = compile(&files, "main.jenv");
        let bake = &outcome.artifacts.iter().find(|artifact| artifact.path == "docker-bake.json").expect("a bake file").text;
        let linked = bake.lines().find(|line| line.contains("\"target:lab\"")).expect("a link");
        assert!(linked.trim_start().starts_with(&format!("\"{name}")), "{registry}: {linked}");
    }
}

#[test]
fn a_conda_environment_is_below_the_conda_of_its_stack() {
    let moved = "env { CONDA_DIR = \"/srv/conda\" }\nconda env course activate { python 3.12.* }\npip { rich ==13.9.4 }\nconda { zlib }";
    let text = dockerfile(moved);
    for step in [
        "RUN mamba create --yes --prefix \"${CONDA_DIR}/envs/course\" \\\n",
        "ENV PATH=\"/srv/conda/envs/course/bin:${PATH}\"\n",
        "RUN \"${CONDA_DIR}/envs/course/bin/python\" -m pip install --no-cache-dir \\\n",
        "RUN mamba install --yes --prefix \"${CONDA_DIR}/envs/course\" \\\n",
    ] {
        assert!(text.contains(step), "{step}: {text}");
    }
    let text = dockerfile("prefix = \"/srv/conda\"\nconda env course { python 3.12.* pin }\npip system { rich }");
    assert!(text.contains("--prefix '/srv/conda/envs/course'") || text.contains("--prefix \"/srv/conda/envs/course\""), "{text}");
    assert!(text.contains(">> \"/srv/conda/envs/course/conda-meta/pinned\""), "{text}");
    assert!(text.contains("RUN /usr/bin/python3 -m pip install"), "{text}");
}

#[test]
fn references_that_nothing_sets_stay_references() {
    let text = dockerfile("path PATH prepend \"${SPARK_HOME}/bin\"\nenv { A = \"$${B} $C\" }\ncopy \"a.txt\" to \"${SPARK_HOME}/conf/\"");
    assert!(text.contains("ENV PATH=\"${SPARK_HOME}/bin:${PATH}\" \\\n    A=\"\\${B} \\$C\"\n"), "{text}");
    assert!(text.contains("COPY a.txt ${SPARK_HOME}/conf/\n"), "{text}");
}

#[test]
fn the_mode_of_an_archive_is_for_its_files() {
    let sum = "ab".repeat(32);
    let text = dockerfile(&format!("fetch \"https://example.org/x.tar.gz\" sha256 \"{sum}\" to \"/opt/x\" mode 644 unpack"));
    // What is there already keeps its mode.
    let step = "mkdir /tmp/.copied && \\\n    tar -xf /tmp/x.tar.gz --no-same-owner -C /tmp/.copied && \\\n    \
                find /tmp/.copied -type f -exec chmod 644 {} + && \\\n    { [ -d /opt/x ] || install -d /opt/x; } && \\\n    \
                find /tmp/.copied -mindepth 1 -maxdepth 1 -exec cp -a -t /opt/x {} + && \\\n    rm -rf /tmp/.copied\n";
    assert!(text.contains(step), "{text}");
    let text = dockerfile(&format!("fetch \"https://example.org/x.tar.gz\" sha256 \"{sum}\" to \"/opt/x\" unpack"));
    assert!(text.contains("mkdir -p /opt/x && \\\n    tar -xf /tmp/x.tar.gz --no-same-owner -C /opt/x\n"), "{text}");
}

#[test]
fn an_archive_is_unpacked_whatever_it_is_called() {
    let sum = "ab".repeat(32);
    let text = dockerfile(&format!("fetch \"https://example.org/x.zip\" sha256 \"{sum}\" to \"/opt/x\" unpack strip 1"));
    assert!(text.contains("find /tmp/.copied -mindepth 2 -maxdepth 2 -exec cp -a -t /opt/x {} +"), "{text}");
    let text = dockerfile(&format!("build from url \"https://example.org/build\" sha256 \"{sum}\" {{ run \"make\" }}"));
    assert!(text.contains("target=/tmp/build-2 ") && text.contains("tar -xf /tmp/build-2 -C /tmp/build "), "{text}");
}

#[test]
fn a_new_conda_is_found_by_the_commands_behind_it() {
    let bootstrap = "prefix = \"/srv/conda\"\nconda bootstrap { python 3.12.*  mamba }";
    let text = dockerfile(bootstrap);
    assert!(text.contains("RUN export PATH=\"/srv/conda/bin:${PATH}\" && \\\n    micromamba install"), "{text}");
    let text = dockerfile(&format!("path PATH prepend \"/srv/conda/bin\"\n{bootstrap}"));
    assert!(text.contains("RUN micromamba install") && !text.contains("export PATH"), "{text}");
}

#[test]
fn the_mode_of_a_tree_is_for_its_files() {
    let text = dockerfile("copy \"pages\" to \"/opt/pages\" mode 640 owner user");
    let step = "USER root\nRUN --mount=type=bind,source=pages,target=/tmp/pages \\\n    umask 027 && \\\n    \
                cp -R --no-preserve=mode /tmp/pages /tmp/.copied && \\\n    chown -R 1000:100 /tmp/.copied && \\\n    \
                { [ -d /opt/pages ] || install -d -o 1000 -g 100 -m 750 /opt/pages; } && \\\n    \
                find /tmp/.copied -mindepth 1 -maxdepth 1 -exec cp -a -t /opt/pages {} + && \\\n    rm -rf /tmp/.copied\n";
    assert!(text.contains(step), "{text}");
    // These let in whom they let read.
    for mode in ["755", "750", "700"] {
        let text = dockerfile(&format!("copy \"pages\" to \"/opt/pages\" mode {mode}"));
        assert!(text.contains(&format!("COPY --chmod={mode} pages /opt/pages\n")), "{text}");
    }
}

#[test]
fn a_copy_takes_the_files_that_are_meant() {
    // To `COPY`, `[1]` is a range, and a star takes folders and what begins with a dot.
    let text =
        dockerfile("copy \"data[1].txt\" to \"/opt/data/\"\n  copy \"html/*.html\" to \"/opt/html/\"\n  copy \"html/*\" to \"/opt/all/\"");
    let steps = "COPY data[[]1].txt /opt/data/\nCOPY html/*.html /opt/html/\nCOPY html/a.html html/b.html /opt/all/\n";
    assert!(text.contains(steps), "{text}");
    let outcome = outcome("layer lab { from notebook  copy \"two words\" to \"/opt/x\" mode 640 }");
    let messages: Vec<&str> = outcome.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(messages.iter().any(|message| message.contains("`two words` can't be mounted")), "{messages:?}");
}

#[test]
fn what_was_written_from_a_program_is_no_part_of_its_folders() {
    for (copy, step, whole) in [
        ("copy \"site\" to \"/opt/site\"", "COPY site /opt/site\n", false),
        ("copy \".\" to \"/opt/all\"", "COPY . /opt/all\n", true),
        ("copy \".\" to \"/opt/all\" mode 640", "RUN --mount=type=bind,source=.,target=/tmp/project \\\n    umask 027", true),
        ("run with \".\" \"ls /tmp/project\"", "RUN --mount=type=bind,source=.,target=/tmp/project \\\n    ls", true),
    ] {
        let layer = format!("layer lab {{ from notebook\n{copy}\n}}");
        let (text, ignore) = (artifact(&layer, "images/lab/Dockerfile"), artifact(&layer, "images/lab/Dockerfile.dockerignore"));
        assert!(text.contains(step), "{text}");
        assert!(ignore.contains("!site/style.css\n") && ignore.contains("!main.jenv\n") == whole, "{ignore}");
        assert!(!ignore.contains("index.html") && !ignore.contains(".git") && !ignore.contains(".jenv/"), "{ignore}");
    }
}

#[test]
fn a_mode_reaches_no_folder_whose_place_is_not_known() {
    let text = dockerfile("copy \"a.txt\" to \"./new/deep/\" mode 600 owner user\n  copy \"a.txt\" to \"./b.txt\" mode 600 owner user");
    let made = "RUN { [ -d ./new/deep ] || install -d -o 1000 -g 100 ./new/deep; }\nCOPY --chown=1000:100 --chmod=600 a.txt ./new/deep/\n";
    assert!(text.contains(made) && text.matches("install -d").count() == 1, "{text}");
    let text = dockerfile("copy \"a.txt\" to \"${SPARK_HOME}/conf/\" mode 644");
    assert!(text.contains("RUN mkdir -p \"${SPARK_HOME}/conf\"\nCOPY --chmod=644 a.txt ${SPARK_HOME}/conf/\n"), "{text}");
}

#[test]
fn files_of_different_depths_are_no_folder() {
    let text = dockerfile("copy \"a.txt\" \"pages/inner/a.txt\" \"html/*.html\" to \"/opt/x/\" mode 600");
    assert!(text.contains("COPY --chmod=600 a.txt pages/inner/a.txt html/*.html /opt/x/\n"), "{text}");
}

#[test]
fn long_lines_are_divided() {
    let long = "x".repeat(100_000);
    let text = dockerfile(&format!("run \"echo {long}\"\n  env {{ X = \"{long}\" }}\n  copy \"pages\" to \"/opt/{long}\""));
    assert!(text.lines().all(|line| line.len() < 65_535));
    let joined = text.replace("\\\n", "");
    assert!(joined.contains(&format!("RUN echo {long}\n")) && joined.contains(&format!("X=\"{long}\"\n")), "{}", &joined[..400]);
    assert!(joined.contains(&format!("COPY pages /opt/{long}\n")));
}

#[test]
fn a_user_of_one_platform_is_the_user_of_that_platform_alone() {
    let program = "layer lab {\n  from notebook\n  platforms = [\"linux/amd64\", \"linux/arm64\"]\n  run as root \"ldconfig\"\n  \
                   when platform == \"linux/amd64\" { user worker { uid = 2000  gid = 2000 } }\n  run \"whoami\"\n}";
    let text = artifact(program, "images/lab/Dockerfile");
    let stages: Vec<&str> = text.split("\nFROM ").collect();
    assert!(stages[1].contains("USER root\nRUN ldconfig\n"), "{text}");
    assert!(stages[2].starts_with("common AS common-amd64\n") && stages[2].contains("USER 2000\nRUN whoami\n"), "{text}");
    assert!(stages[3].starts_with("common AS common-arm64\n") && stages[3].contains("RUN whoami\n"), "{text}");
    assert!(!stages[3].contains("2000") && !stages[4].contains("USER"), "{text}");
}

#[test]
fn files_come_from_a_layer_wherever_it_is_written() {
    let builder = "layer builder { from notebook  run as root \"make-tool /opt/tool\" }";
    for user in [
        "layer lab { from notebook  copy \"/opt/tool\" from builder to \"/opt/tool\" }",
        "fragment tool { copy \"/opt/tool\" from builder to \"/opt/tool\" }\nlayer lab { from notebook  include tool }",
    ] {
        let text = artifact(&format!("{user}\n{builder}"), "images/lab/Dockerfile");
        assert!(text.contains("AS builder\n") && text.contains("COPY --from=builder /opt/tool /opt/tool\n"), "{text}");
    }
    let circle = "layer lab { from notebook  copy \"/a\" from other to \"/a\" }\nlayer other { from lab  run \"true\" }";
    assert_eq!(outcome(circle).findings.iter().map(|finding| finding.code.id).collect::<Vec<_>>(), ["J0218"]);
}

#[test]
fn conda_is_run_by_what_the_image_has() {
    let base = |image: &str| format!("image other {{ {image}  digest = \"sha256:{}\" }}\n", "4c1f".repeat(16));
    let lab = "layer lab { from other  conda { numpy }\nconda env course file \"e.yml\"\nconda env course { zarr } }";
    for (image, install, create, within) in [
        (
            "ref = \"docker.io/continuumio/miniconda3\"",
            "RUN conda install --yes \\\n        numpy && \\\n    conda clean",
            "CONDA_ALWAYS_YES=true conda env create",
            "RUN conda install --yes --prefix \"/opt/conda/envs/course\"",
        ),
        (
            "ref = \"ghcr.io/demo/base\"  user = root  provides { conda { conda 24.9.2 } }",
            "RUN conda install --yes \\\n",
            "CONDA_ALWAYS_YES=true conda env create",
            "conda clean --all",
        ),
        (
            "ref = \"docker.io/mambaorg/micromamba\"  tag = \"2.8.1\"",
            "RUN micromamba install --yes --prefix \"/opt/conda\" \\\n",
            "MAMBA_ALWAYS_YES=true micromamba env create",
            "micromamba clean --all",
        ),
        (
            "ref = \"docker.io/condaforge/miniforge3\"",
            "RUN mamba install --yes \\\n",
            "MAMBA_ALWAYS_YES=true mamba env create",
            "mamba clean",
        ),
    ] {
        let text = artifact(&format!("{}{lab}", base(image)), "images/lab/Dockerfile");
        assert!(text.contains(install) && text.contains(create) && text.contains(within), "{image}: {text}");
    }
}

#[test]
fn a_new_conda_is_cleaned_by_what_it_has() {
    let tool = "tool micromamba from \"docker.io/mambaorg/micromamba:2.8.1\" bin \"/bin/micromamba\"\nprefix = \"/srv/conda\"\n";
    for (packages, has) in [("python  mamba", "mamba clean"), ("python  conda", "conda clean"), ("python", "micromamba clean")] {
        let text = dockerfile(&format!("{tool}conda bootstrap with micromamba {{ {packages} }}"));
        assert!(text.contains(&format!("    {has} --all")), "{text}");
        assert_eq!(text.contains("export MAMBA_ROOT_PREFIX=\"/srv/conda\""), packages == "python", "{text}");
    }
    let text = dockerfile(&format!("{tool}conda bootstrap with micromamba {{ python }}\nconda with micromamba {{ numpy }}"));
    assert!(text.contains("    micromamba install --yes --prefix \"/srv/conda\" \\\n        numpy"), "{text}");
}

#[test]
fn an_image_without_bash_has_its_own_shell() {
    let base =
        format!("image small {{ ref = \"docker.io/library/alpine\"  tag = \"3.20.3\"  digest = \"sha256:{}\" }}\n", "4c1f".repeat(16));
    let steps = "run \"apk add git | cat\"  run \"\"\"\ncase $a in b) c ;; esac\nd\n\"\"\"";
    let lab = format!("layer lab {{ from small  {steps}\ntest \"there\" {{ run \"git version\" }}\n}}");
    let program = format!("{base}{lab}\noutput workflow {{ path = \".github/workflows/images.yml\" }}");
    let text = artifact(&program, "images/lab/Dockerfile");
    assert!(
        text.contains("SHELL [\"/bin/ash\", \"-e\", \"-o\", \"pipefail\", \"-c\"]\n") && text.contains("RUN ash -eu -o pipefail -c"),
        "{text}"
    );
    assert!(!text.contains("bash"), "{text}");
    let script = artifact(&program, "images/lab/test.sh");
    assert!(script.contains("\"$IMAGE\" ash -euo pipefail -c"), "{script}");
}

#[test]
fn another_account_has_its_own_home() {
    let text = dockerfile("user alice { uid = 1234  home = \"/home/alice\" }\nrun \"touch ~/x\"");
    assert!(text.contains("ENV HOME=\"/home/alice\"\n\nUSER 1234\nRUN touch"), "{text}");
    let text = dockerfile("user alice { uid = 1234  home = \"/home/alice\" }\nenv { HOME = \"/home/alice\"  A = \"b\" }\nrun \"true\"");
    assert_eq!(text.matches("HOME=").count(), 1, "{text}");
    assert!(!dockerfile("user root\nrun \"true\"").contains("HOME"), "the superuser's is where it was");
}

#[test]
fn what_may_be_a_folder_of_another_image_gets_no_mode_of_a_file() {
    let text = dockerfile("copy \"/opt/tool\" from notebook to \"/srv/tool\" mode 640 owner user");
    assert!(
        text.contains("RUN --mount=type=bind,from=notebook-2,source=/opt/tool,target=/tmp/tool \\\n    umask 027")
            || text.contains("source=/opt/tool"),
        "{text}"
    );
    assert!(!text.contains("COPY") && text.contains("if [ ! -d /tmp/.copied ]; then mv -T /tmp/.copied /srv/tool; else"), "{text}");
    for copy in ["copy \"/opt/a.conf\" from notebook to \"/srv/\" mode 640", "copy \"/opt/tool\" from notebook to \"/srv/tool\" mode 755"] {
        assert!(dockerfile(copy).contains("COPY --from="), "{copy}");
    }
}

#[test]
fn a_tool_is_found_by_its_name() {
    for (bin, target) in [("/uv", "/usr/local/bin/uv"), ("/bin/uv", "/bin/uv"), ("/opt/uv/bin/uv", "/usr/local/bin/uv")] {
        let text = dockerfile(&format!("tool uv from \"ghcr.io/astral-sh/uv:0.5.1\" bin \"{bin}\"\nrun with uv \"uv --version\""));
        assert!(text.contains(&format!("source={bin},target={target} ")), "{text}");
    }
}

#[test]
fn an_environment_reads_a_list_from_a_file() {
    let text = dockerfile("conda env course { python 3.12.*  pip file \"a.txt\" }");
    assert!(
        text.contains("\"/opt/conda/envs/course/bin/python\" -m pip install --no-cache-dir \\\n        --requirement /tmp/a.txt"),
        "{text}"
    );
}

#[test]
fn a_file_that_a_pattern_takes_later_starts_the_workflow() {
    let starts = |statements: &str, path: &str| {
        let output = r#"output workflow { path = ".github/workflows/images.yml" }"#;
        let text = artifact(&format!("layer lab {{ from notebook\n{statements}\n}}\n{output}"), ".github/workflows/images.yml");
        let (_, paths) = text.split_once("    paths: [").unwrap();
        let paths = paths.split_once(']').unwrap().0;
        paths.split(',').any(|one| one.trim().trim_matches('"') == path)
    };
    assert!(starts(r#"copy "?.txt" to "/opt/""#, "*.txt"), "`?` is something else at GitHub");
    assert!(starts(r#"copy "*/in*/a*" to "/opt/""#, "*/**"));
    assert!(starts(r#"copy "pages/*.txt" to "/opt/""#, "pages/**"));
    assert!(starts(r#"copy "later" to "/opt/" optional"#, "later") && starts(r#"copy "later" to "/opt/" optional"#, "later/**"));
    assert!(starts(r#"copy "." to "/opt/all""#, "**") && starts(r#"run with "." "ls /tmp/project""#, "**"));
    assert!(!starts(r#"copy "a.txt" "pages" to "/opt/""#, "**") && !starts(r#"copy "a.txt" to "/opt/""#, "*.txt"));
}

#[test]
fn a_stage_has_the_shell_and_the_programs_of_its_own_base() {
    let alpine = "image alpine { ref = \"docker.io/library/alpine\"  tag = \"3.20.3\"  user = root }\n\
                  layer little { from alpine\n internal\n run \"mkdir /made\"\n copy \"pages\" to \"/made/pages\" mode 640 }\n";
    let lab = "layer lab { from notebook\ncopy \"/made\" from little to \"/opt/made\" mode 640 }";
    let text = artifact(&format!("{alpine}{lab}"), "images/lab/Dockerfile");
    let (stage, image) = text.split_once("\nFROM ${BASE}\n").unwrap();
    assert!(stage.contains("FROM alpine AS little\nSHELL [\"/bin/ash\", "), "{text}");
    assert!(image.starts_with("SHELL [\"/bin/bash\", "), "{text}");
    let chmod = "find /tmp/.copied -type f -exec chmod 640 {} + && \\\n    find /tmp/.copied -type d -exec chmod 750 {} +";
    assert!(stage.contains(&format!("cp -R /tmp/pages /tmp/.copied && \\\n    {chmod}")), "BusyBox has no `--no-preserve`: {text}");
    assert!(image.contains("cp -R --no-preserve=mode /tmp/made /tmp/.copied"), "{text}");
}

#[test]
fn the_home_of_an_account_is_there_where_no_image_sets_it() {
    let alpine = "image alpine { ref = \"docker.io/library/alpine\"  tag = \"3.20.3\"  user = root }\n";
    let layer = "layer lab { from alpine\ncopy \"a.txt\" to \"${HOME}/a.txt\"\n\
                 user me { uid = 1000  home = \"/home/me\" }\nworkdir \"${HOME}/work\"\n\
                 env { DATA = \"${HOME}/data\" }\nuser you { uid = 1001  home = \"/home/you\" }\npath PATH prepend \"${HOME}/bin\" }";
    let text = artifact(&format!("{alpine}{layer}"), "images/lab/Dockerfile");
    for line in ["COPY a.txt /root/a.txt\n", "WORKDIR /home/me/work\n", "ENV DATA=\"/home/me/data\"", "PATH=\"/home/you/bin:${PATH}\"\n"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(dockerfile("workdir \"${HOME}/work\"").contains("WORKDIR ${HOME}/work\n"), "its base sets it");
}

#[test]
fn an_environment_is_active_whatever_its_list_installs() {
    let made = "conda env two { python 3.13.*  toolz }\n";
    for list in ["conda env two activate { pip { six } }", "conda env two activate { toolz }", "conda env two activate { idna }"] {
        let text = dockerfile(&format!("{made}{list}\npip {{ rich }}"));
        let active = text.find("ENV PATH=\"/opt/conda/envs/two/bin:${PATH}\"").unwrap_or_else(|| panic!("{list}: {text}"));
        assert!(active < text.find("rich").unwrap(), "{text}");
    }
}

/// An environment that the image or a command has made is added to; `create` would empty it.
#[test]
fn an_environment_that_is_there_is_added_to() {
    let base = BASE.replace("  user jovyan", "  provides { conda env course { python ==3.13.0 } }\n  user jovyan");
    let program = "layer lab { from notebook\nrun \"make-env\" provides { conda env made { } }\n\
                   conda env course { dask }\nconda env made { dask }\nconda env own { dask }\nconda env course { pip { rich } } }";
    let files: MemoryFiles = [("main.jenv", format!("{base}{program}"))].into_iter().collect();
    let outcome = compile(&files, "main.jenv");
    let text = &outcome.artifacts.iter().find(|artifact| artifact.path == "images/lab/Dockerfile").expect("it compiles").text;
    for (verb, name) in [("install", "course"), ("install", "made"), ("create", "own")] {
        assert!(text.contains(&format!("mamba {verb} --yes --prefix \"/opt/conda/envs/{name}\"")), "{name}: {text}");
    }
    assert!(text.contains("\"/opt/conda/envs/course/bin/python\" -m pip install"), "{text}");
}

/// `then` of a list stands behind the lists within it, and calls no manager where none is asked for anything.
#[test]
fn what_is_said_behind_a_list_runs_behind_all_of_it() {
    let text = dockerfile("conda env x { numpy  pip { rich } } then \"echo one\"\nconda env x { pip { polars } } then \"echo three\"");
    assert!(text.contains("rich \\\n        polars && \\\n    echo one && \\\n    echo three\n"), "{text}");
    assert!(!text.contains("numpy && \\\n    echo"), "{text}");
    let text = dockerfile("conda { numpy }\nrun \"true\"\nconda { } then \"echo four\"\napt { } then \"echo five\"");
    assert!(text.contains("RUN echo four\n") && text.contains("RUN echo five\n"), "{text}");
    assert_eq!((text.matches("mamba install").count(), text.matches("apt-get").count()), (1, 0), "{text}");
}
