//! Scripts as people write them: here-documents with a margin, words that only a shell can read, what is asked for once more.

use super::habits::{of, says};

#[test]
fn a_script_that_begins_with_what_it_says_is_a_chain() {
    let text = "FROM quay.io/jupyter/base-notebook:2025-01-06\nUSER root\n\
        RUN <<-EOF\n    echo \"some tools\"\n    set -e\n    # for courses\n    apt-get update\n    apt-get install -y less \\\n\t\tjq\n\
        \x20   make \\\n        all\nEOF\n\
        RUN <<EOF\n    echo 'a package'\n    pip install --no-cache-dir rich\nEOF\n\
        RUN <<EOF\n    echo \"$(make name)\"\n    pip install polars\nEOF\n\
        RUN <<EOF\n  cat > /opt/x <<END\n    text\nEND\n  make x\nEOF\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "apt recommends {\n    # for courses\n    less\n    jq\n  }",
        "pip as root { rich }",
        "run as root \"\"\"\n    set +u\n    make \\\n        all\n",
    ];
    says(&layer, &wanted, &["echo \"some", "echo 'a p", "pip { polars"]);
    // What goes on behind a failure, and what has text of its own, stays as it was.
    says(&layer, &["echo \"$(make name)\"\n    pip install polars\n", "    cat > /opt/x <<END\n        text\n    END\n"], &[]);
    assert_eq!(place.run(&["check", "program"]).status, 0);
}

/// Another command's output as a file, and one word that bash makes several of.
#[test]
fn words_that_only_a_shell_can_read_stay_with_it() {
    let text = "FROM quay.io/jupyter/base-notebook:2025-01-06\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\n\
        COPY all.txt /tmp/\n\
        RUN pip install rich -c <(grep -v pyzmq /tmp/all.txt)\nRUN pip install jupyter-{server,lsp}\nRUN conda install -y py{a,b}\n\
        RUN conda install -Sy dask\n";
    let (place, layer) = of(text, &[("lab/all.txt", "pyzmq==1\nrich==2\n")]);
    let wanted = ["-c <(grep -v pyzmq", "jupyter-{server,lsp}", "py{a,b}", "\n  conda { dask }\n"];
    says(&layer, &wanted, &["pip {", "conda { py"]);
    says(&place.read("program/images.jenv"), &["--satisfied-skip-solve"], &[]);
}

#[test]
fn what_is_asked_for_once_more_is_one_list() {
    let text = "FROM ubuntu:24.04\nCOPY all.txt /tmp/\nRUN pip install --upgrade pip && pip install -r /tmp/all.txt\n\
        RUN python3 -m pip install --upgrade pip && python3 -m pip install -r /tmp/all.txt\n";
    let (_, layer) = of(text, &[("lab/all.txt", "tqdm\nrich\ntqdm>=4\n")]);
    assert_eq!(layer.matches("tqdm >=4").count(), 1, "{layer}");
}

/// A stage that nothing gives a name for.
#[test]
fn an_image_without_a_name_is_asked_for() {
    let text = "ARG TOOL_VERSION\nFROM ghcr.io/demo/tool/${TOOL_VERSION}/debian:12 AS tool\nFROM ubuntu:24.04\n\
        COPY --from=tool /usr/bin/tool /usr/bin/tool\n";
    let (place, layer) = of(text, &[]);
    let wanted =
        ["nothing here says what `tool` is: name the image\n", "copy \"/usr/bin/tool\" from \"registry.example.org/owner/tool\" to "];
    says(&layer, &wanted, &["//debian"]);
    assert_eq!(place.run(&["check", "program"]).status, 0);
}

/// A here-document that bash reads, and arrays that it fills.
#[test]
fn a_script_of_bash_is_a_chain_and_its_arrays_are_words() {
    let text = "FROM rockylinux:9\n\
        RUN /bin/bash <<'EOF'\nset -Eeuxo pipefail\nPACKAGES=(\n    jq\n    # for courses\n    tree 'less'\n)\n\
        dnf install -y \"${PACKAGES[@]}\"\nrpm -V \"${PACKAGES[@]}\"\ndnf clean all\nEOF\n\
        RUN bash -e <<EOF\ndnf install -y vim\nmake it\nEOF\n\
        RUN bash <<'EOF'\nPARTS=(a b)\ncase $X in 1) PARTS+=(c) ;; esac\ndnf install -y \"${PARTS[@]}\"\nEOF\n\
        RUN bash -e <<EOF\ndnf install -y $X\nEOF\n";
    let (place, layer) = of(text, &[]);
    let wanted = [
        "{\n  from rockylinux\n  dnf recommends {\n    jq\n    # for courses\n    tree\n    less\n    vim\n  } then \"make it\"",
        // An array that may get more words stays with the shell, and so does what another shell fills in.
        "PARTS+=(c)",
        "bash -e <<EOF",
    ];
    says(&layer, &wanted, &["PACKAGES", "rpm -V"]);
    assert_eq!(place.run(&["check", "program"]).status, 0);
}
