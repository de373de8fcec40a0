//! What package lists and the files of packages become: commands, mounts, tags, what starts a run.

use jenvc::base::MemoryFiles;
use jenvc::driver::{Outcome, compile};

/// A program on an image with a known Python, and files beside it.
fn built(body: &str, files: &[(&str, &str)]) -> Outcome {
    on("provides { conda { python 3.12.* } }", body, files)
}

fn on(facts: &str, body: &str, files: &[(&str, &str)]) -> Outcome {
    let program = format!(
        "project demo {{ registry = \"ghcr.io/demo\"  platforms = [\"linux/amd64\", \"linux/arm64\"] }}\n\
         image root {{\n  ref = \"quay.io/demo/notebook\"\n  digest = \"sha256:{}\"\n  {facts}\n}}\n{body}\n\
         output dockerfiles {{ dir = \"images\" }}\noutput bake {{ path = \"docker-bake.json\" }}\n\
         output workflow {{ path = \".github/workflows/images.yml\" }}\n",
        "ab".repeat(32)
    );
    let mut all: MemoryFiles = files.iter().copied().collect();
    all.insert("main.jenv", program, false);
    compile(&all, "main.jenv")
}

fn text<'o>(outcome: &'o Outcome, path: &str) -> &'o str {
    let found = outcome.artifacts.iter().find(|artifact| artifact.path == path);
    found.map_or_else(|| panic!("no {path}: {:?}", codes(outcome)), |artifact| artifact.text.as_str())
}

fn codes(outcome: &Outcome) -> Vec<&'static str> {
    outcome.findings.iter().map(|finding| finding.code.id).collect()
}

#[test]
fn every_file_of_a_list_is_mounted_beside_the_others() {
    let body = "layer lab {\n  from root\n  pip file \"reqs/base.txt\"\n}";
    let files = [
        ("reqs/base.txt", "-r more.txt\n-c ../bounds.txt\n--find-links wheels\nrich==14.0.0\n"),
        ("reqs/more.txt", "numpy==2.2.0\n"),
        ("bounds.txt", "numpy<3\n"),
        ("reqs/wheels/x-1.0-py3-none-any.whl", "x"),
    ];
    let outcome = built(body, &files);
    let dockerfile = text(&outcome, "images/lab/Dockerfile");
    for path in ["bounds.txt", "reqs/base.txt", "reqs/more.txt", "reqs/wheels/x-1.0-py3-none-any.whl"] {
        assert!(dockerfile.contains(&format!("source={path},target=/tmp/{path}")), "{path}: {dockerfile}");
        assert!(text(&outcome, "images/lab/Dockerfile.dockerignore").contains(&format!("!{path}")), "{path}");
    }
    assert!(dockerfile.contains("--requirement /tmp/reqs/base.txt"), "{dockerfile}");
    let workflow = text(&outcome, ".github/workflows/images.yml");
    assert!(workflow.contains("reqs/**") && workflow.contains("bounds.txt"), "{workflow}");
    let read: Vec<_> = outcome.sources.iter().map(|(_, source)| source.name.as_str()).collect();
    assert!(["reqs/base.txt", "reqs/more.txt", "bounds.txt"].iter().all(|path| read.contains(path)), "{read:?}");
    let mut changed = files;
    changed[1].1 = "numpy==2.2.1\n";
    assert_ne!(text(&outcome, "docker-bake.json"), text(&built(body, &changed), "docker-bake.json"), "the tag follows each file");
}

#[test]
fn markers_are_decided_or_left_to_pip() {
    let body = "layer lab {\n  from root\n  pip {\n\
        alpha ==1 ; python_version == \"3.11\"\n  beta ==1 ; python_version > \"3.11\"\n  gamma ==1 ; python_version <= '3.11'\n\
        delta ==1 ; '3.9' < python_version and 'linux' in sys_platform\n  epsilon ==1 ; python_version ~= \"3.9\"\n\
        zeta ==1 ; platform_machine == \"aarch64\"\n  eta ==1 ; platform_release >= \"6\" and platform == \"linux/amd64\"\n}\n}";
    let outcome = on("provides { conda { python 3.11.8 } }", body, &[]);
    let dockerfile = text(&outcome, "images/lab/Dockerfile");
    for wanted in ["alpha==1", "gamma==1", "delta==1", "epsilon==1", "zeta==1", "'eta==1 ; platform_release >= \"6\"'"] {
        assert!(dockerfile.contains(wanted), "{wanted}: {dockerfile}");
    }
    assert!(!dockerfile.contains("beta") && !dockerfile.contains("alpha==1 ;"), "{dockerfile}");
    assert_eq!(codes(&outcome), ["J0411"]);
}

#[test]
fn environment_files_are_read_by_the_subcommand_that_can() {
    let yaml = ("e.yaml", "dependencies:\n  - python=3.9\n  - dask\n");
    let dockerfile = |body: &str| {
        text(&built(&format!("layer lab {{\n  from root\n{body}\n}}"), &[yaml, ("e.txt", "dask\n")]), "images/lab/Dockerfile").to_owned()
    };
    assert!(dockerfile("conda env old file \"e.yaml\"").contains("mamba env create --prefix \"/opt/conda/envs/old\" --file /tmp/e.yaml"));
    let both = dockerfile("conda env old file \"e.yaml\" { xarray }");
    let steps = "mamba env create --prefix \"/opt/conda/envs/old\" --file /tmp/e.yaml && \\\n    \
                 mamba install --yes --prefix \"/opt/conda/envs/old\" \\\n        xarray";
    assert!(both.contains(steps), "{both}");
    assert!(dockerfile("conda file \"e.txt\"").contains("mamba install --yes \\\n        --file /tmp/e.txt"));
    let base = on("provides { conda { python 3.9.* } }", "layer lab {\n  from root\n  conda file \"e.yaml\"\n}", &[yaml]);
    assert!(text(&base, "images/lab/Dockerfile").contains("mamba env update --prefix \"/opt/conda\" --file /tmp/e.yaml"));
}

#[test]
fn a_frozen_file_makes_no_noise_and_takes_part_in_the_checks() {
    let line = |at: usize| format!("package-{at}==1.{at} \\\n    --hash=sha256:{at:064x} \\\n    --hash=sha256:{:064x}\n", at + 1000);
    let frozen: String = (0..150).map(line).collect();
    let below = "layer below {\n  from root\n  pip { package-3 >=1, <2  package-7 ==1.7  package-9 }\n}\n";
    let program = |more: &str| {
        built(&format!("{below}layer lab {{\n  from below\n  pip file \"frozen.txt\"\n}}\n{more}"), &[("frozen.txt", &frozen)])
    };
    assert_eq!(codes(&program("")), Vec::<&str>::new());
    assert_eq!(codes(&program("layer top {\n  from lab\n  pip { package-149 >=2 }\n}")), ["J0401"]);
}

#[test]
fn what_stands_behind_a_file_says_more_of_its_entries() {
    let body = "layer below {\n  from root\n  pip { numpy >=2 }\n}\n\
        layer lab {\n  from below\n  pip file \"r.txt\" { numpy because \"the course\"  scipy <2 }\n}";
    let outcome = built(body, &[("r.txt", "numpy==2.1.3\npandas==2.2.3\n")]);
    assert_eq!(codes(&outcome), Vec::<&str>::new());
    let dockerfile = text(&outcome, "images/lab/Dockerfile");
    assert!(dockerfile.contains("scipy<2") && !dockerfile.contains(" numpy"), "{dockerfile}");
}

#[test]
fn pins_reach_pip_in_every_step_above() {
    let body = "layer below {\n  from root\n  conda { numpy 1.26.* pin  pytorch >=2.1, <3 pin  blas *=openblas pin }\n  conda { libx }\n\
        conda env old { python 3.9.* pin  scipy ==1.10.1 pin }\n}\n\
        layer lab {\n  from below\n  pip { scikit-image }\n  conda env old { pip { rich } }\n  conda env old file \"e.yaml\"\n}";
    let outcome = built(body, &[("e.yaml", "dependencies:\n  - pip:\n    - tqdm\n")]);
    let below = text(&outcome, "images/below/Dockerfile");
    assert!(below.contains("RUN printf '%s\\n' 'numpy==1.26.*' 'torch>=2.1,<3' > /etc/pip-constraints.txt"), "{below}");
    assert!(below.contains("echo scipy==1.10.1 >> \"/opt/conda/envs/old/conda-meta/pinned\""), "{below}");
    assert!(below.contains("        'libx' && "), "one solve: {below}");
    assert!(below.contains("RUN printf '%s\\n' 'scipy==1.10.1' > /etc/pip-constraints-old.txt"), "{below}");
    let lab = text(&outcome, "images/lab/Dockerfile");
    assert!(lab.contains("--constraint /etc/pip-constraints.txt \\\n        scikit-image"), "{lab}");
    assert!(lab.contains("--constraint /etc/pip-constraints-old.txt \\\n        rich"), "{lab}");
    assert!(lab.contains("PIP_CONSTRAINT=/etc/pip-constraints-old.txt MAMBA_ALWAYS_YES=true mamba env update"), "{lab}");
    assert!(!lab.contains("printf"), "{lab}");
}

#[test]
fn the_first_layer_above_an_image_writes_its_pins() {
    let facts = "provides { conda { python 3.12.* pin  numpy 1.26.4 pin 1.26.* }  apt { curl 7.88.1-10 pin } }";
    let body = "layer below {\n  from root\n  env { A = \"b\" }\n}\nlayer lab {\n  from below\n  pip { rich }\n\
        apt { git  less ==1-2 pin }\n}\nlayer top {\n  from lab\n  apt { tree }\n}";
    let outcome = on(facts, body, &[]);
    assert!(text(&outcome, "images/below/Dockerfile").contains("printf '%s\\n' 'numpy==1.26.*' > /etc/pip-constraints.txt"));
    let lab = text(&outcome, "images/lab/Dockerfile");
    assert!(
        lab.contains("--constraint /etc/pip-constraints.txt")
            && lab.contains("RUN apt-mark hold curl && ")
            && lab.contains("apt-mark hold less"),
        "{lab}"
    );
    assert!(!text(&outcome, "images/top/Dockerfile").contains("apt-mark"));
}

#[test]
fn managers_that_can_keep_packages_do_and_others_are_verified() {
    let facts = "provides { dnf { bash 5.1.8 pin }  cran { rlang 1.1.4 pin }  julia { JSON 0.21.4 pin } }";
    let body = "layer below {\n  from root\n  dnf { git ==2.43.0-1 pin  less }\n  cran { dplyr ==1.1.4 pin }\n  cran { tidyr }\n\
        julia { DataFrames ==1.6.1 pin }\n  npm { typescript ==5.9.3 pin }\n}\n\
        layer lab {\n  from below\n  cran { ggplot2 >=3.5, <4 pin }\n  dnf { tree }\n}";
    let outcome = on(facts, body, &[]);
    assert!(!codes(&outcome).contains(&"J0413"));
    let (below, lab) = (text(&outcome, "images/below/Dockerfile"), text(&outcome, "images/lab/Dockerfile"));
    let exclude = |name: &str| format!("s/^excludepkgs *=.*/& '\\''{name}/ /etc/dnf/dnf.conf");
    let [held, installed, kept] = [exclude("bash"), "dnf install".to_owned(), exclude("git")].map(|text| below.find(&text));
    assert!(held.is_some() && held < installed && installed < kept, "{below}");
    assert!(below.contains("Pkg.pin(ARGS)' JSON") && below.contains("Pkg.pin(ARGS)' DataFrames"), "{below}");
    let verified = |dockerfile: &str, said: &str| dockerfile.matches(&format!("words[2])' {said}")).count();
    assert_eq!(["rlang ==1.1.4", "dplyr ==1.1.4"].map(|said| verified(below, said)), [1, 1], "{below}");
    assert_eq!(["rlang ==1.1.4", "dplyr ==1.1.4", "ggplot2 '>=3.5,<4'"].map(|said| verified(lab, said)), [1, 1, 1], "{lab}");
    assert!(!lab.contains("excludepkgs"), "{lab}");
    for list in ["cran { dplyr ==1.1.* pin }", "apt { less >=590 pin }", "dnf { less >=590, <600 pin }"] {
        let outcome = on("user = root", &format!("layer lab {{\n  from root\n  {list}\n}}"), &[]);
        assert_eq!(codes(&outcome), ["J0413"], "{list}");
    }
}

#[test]
fn what_is_held_is_not_named_again() {
    let facts = "user = root\n provides { apt { liby 2.0 pin >=2 }  dnf { git 2.43 pin >=2 } }";
    let body = "layer below {\n  from root\n  apt { libx ==1.0 pin }\n  julia { JSON ==0.21.4 pin  CSV ^0.10 pin }\n  dnf { less }\n}\n\
        layer again {\n  from below\n  apt { libx ==1.0 pin  liby >=2 }\n  julia { JSON ^0.21 }\n}\n\
        layer lab {\n  from again\n  apt { libx  tree  liby ==2.1 }\n  dnf { git ==2.44 }\n  julia { CSV ==0.10.2 }\n}";
    let outcome = on(facts, body, &[]);
    assert!(!text(&outcome, "images/again/Dockerfile").contains("RUN"), "{}", text(&outcome, "images/again/Dockerfile"));
    let lab = text(&outcome, "images/lab/Dockerfile");
    assert!(!lab.contains("libx") && lab.contains("        tree"), "{lab}");
    for [release, command, pinned] in [
        ["apt-mark unhold liby", "liby=2.1", "apt-mark hold liby"],
        ["/s/ 'git'", "git-2.44", "'\\''git/ /etc/dnf/dnf.conf"],
        ["Pkg.free(ARGS)' CSV", "CSV@=0.10.2", "Pkg.pin(ARGS)' CSV"],
    ] {
        let [release, command, pinned] = [release, command, pinned].map(|part| lab.find(part));
        assert!(release.is_some() && release < command && command < pinned, "{lab}");
    }
}

#[test]
fn what_is_there_is_not_installed_anew() {
    let facts = "user = root\n provides { apt { libz } }";
    let body = "layer below {\n  from root\n  apt { curl ==7.88-1 }\n  npm { typescript ==5.4.5 }\n\
        cran { ggplot2 ==3.4.4 }\n  pip { rich }\n}\n\
        layer lab {\n  from below\n  apt { curl >=7  libz  tree }\n  npm { typescript ^5 }\n  cran { ggplot2  rlang }\n  pip { rich }\n}\n\
        layer other {\n  from below\n  apt recommends { curl }\n  npm { typescript ^6 override because \"new\" }\n\
        cran index \"https://r.example.org\" { ggplot2 }\n}";
    let outcome = on(facts, body, &[]);
    let [lab, other] = ["lab", "other"].map(|image| text(&outcome, &format!("images/{image}/Dockerfile")));
    for gone in ["curl", "libz", "typescript", "ggplot2"] {
        assert!(!lab.contains(gone), "{gone}: {lab}");
    }
    assert!(["tree", "rlang", "rich"].iter().all(|word| lab.contains(word)), "{lab}");
    assert!(["curl", "typescript", "ggplot2"].iter().all(|word| other.contains(word)), "{other}");
}

#[test]
fn what_is_named_again_behind_a_new_repository_is_installed() {
    let between = |step: &str| {
        let body = format!("layer lab {{\n  from root\n  apt {{ curl }}\n  {step}\n  apt {{ curl }}\n}}");
        let outcome = on("user = root", &body, &[]);
        text(&outcome, "images/lab/Dockerfile").matches("        curl").count()
    };
    assert_eq!(between("run \"true\""), 1);
    assert_eq!(between("run \"add-apt-repository -y ppa:git-core/ppa\""), 2);
    assert_eq!(between("run \"echo 'deb https://example.org a b' > /etc/apt/sources.list.d/a.list\""), 2);
}

#[test]
fn what_one_platform_pins_is_held_there() {
    let body = "layer below {\n  from root\n  apt { libx ==1.0 pin ; platform == \"linux/amd64\" }\n}\n\
        layer lab {\n  from below\n  apt { libx }\n}";
    let outcome = built(body, &[]);
    let [below, lab] = ["below", "lab"].map(|image| text(&outcome, &format!("images/{image}/Dockerfile")));
    assert!(below.contains("case \"${TARGETARCH}\" in amd64) apt-mark hold libx ;; esac"), "{below}");
    assert!(lab.contains("arm64) \\\n            set -- \\\n                'libx' ;;") && !lab.contains("amd64)"), "{lab}");
}

#[test]
fn conda_is_told_what_a_list_of_pip_pins() {
    let below = "layer below {\n  from root\n  pip { numpy >=1.26, <2 pin  torch ==2.5.* pin  old ===1.0 pin }\n}\n";
    let above = "layer lab {\n  from below\n  conda { scipy }\n}\nlayer top {\n  from lab\n  run \"mamba install --yes dask\"\n}";
    let body = format!("{below}{above}");
    let outcome = on("provides { conda { python 3.12.* } }", &body, &[]);
    let lab = text(&outcome, "images/lab/Dockerfile");
    let told = "'numpy >=1.26,<2' 'numpy-base >=1.26,<2' 'pytorch 2.5.*' 'pytorch-cpu 2.5.*' 'pytorch-gpu 2.5.*' \
                >> \"/opt/conda/conda-meta/pinned\"";
    assert!(lab.contains(told), "{lab}");
    assert!(!text(&outcome, "images/top/Dockerfile").contains("conda-meta"));
    assert!(outcome.findings.iter().any(|finding| finding.message == "nothing in the image holds `conda` to the pin of `old`"));
}

#[test]
fn recommended_packages_and_repositories_of_r() {
    let outcome = built(
        "layer lab {\n  from root\n  apt recommends { xfce4 }\n\
         cran index \"https://p3m.dev/cran/2026-01-05\" { here ==1.0.1 }\n\
         cran extra-index \"https://r.example.org\" bioconductor suggests {\n    DESeq2\n\
         keras git \"https://github.com/rstudio/keras\"\n\
         arrow git \"https://git.example.org/arrow.git\" rev \"0123456789abcdef0123456789abcdef01234567\" subdirectory \"r\"\n  }\n}",
        &[],
    );
    let dockerfile = text(&outcome, "images/lab/Dockerfile");
    let wanted = [
        "apt-get install --yes \\\n        xfce4",
        "--repos=https://p3m.dev/cran/2026-01-05 \\\n        here==1.0.1",
        "--extra-repos=https://r.example.org \\\n        --bioconductor \\\n        --suggests \\\n        'DESeq2' \\\n        \
         'keras https://github.com/rstudio/keras HEAD' \\\n        \
         'arrow https://git.example.org/arrow.git 0123456789abcdef0123456789abcdef01234567 r'",
        // What R is told is one word, so that no other shell stands around it.
        "\nRUN Rscript -e 'words <- ",
    ];
    for wanted in wanted {
        assert!(dockerfile.contains(wanted), "{wanted}\n{dockerfile}");
    }
}
