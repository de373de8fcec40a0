//! Images without a Dockerfile: archives that the test writes, with records in the formats of their managers.

use std::fmt::Write as _;

use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::Workplace;

/// A file of a layer: path, text, mode, owner.
pub(super) type File = (String, String, u32, u64);

/// A step of the history, and the files of its layer.
pub(super) struct Step {
    pub(super) created_by: &'static str,
    pub(super) files: Option<Vec<File>>,
}

pub(super) fn file(path: &str, text: impl Into<String>) -> File {
    (path.to_owned(), text.into(), 0o644, 0)
}

pub(super) fn layer(created_by: &'static str, files: Vec<File>) -> Step {
    Step { created_by, files: Some(files) }
}

pub(super) fn setting(created_by: &'static str) -> Step {
    Step { created_by, files: None }
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn tar(files: &[File]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, text, mode, owner) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(*mode);
        header.set_uid(*owner);
        header.set_mtime(0);
        builder.append_data(&mut header, path, text.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// The parts of an archive of `docker save`, with the configuration.
pub(super) fn saved(name: &str, steps: &[Step], config: &Value) -> Vec<(String, Vec<u8>)> {
    let layers: Vec<Vec<u8>> = steps.iter().filter_map(|step| step.files.as_ref()).map(|files| tar(files)).collect();
    let ids: Vec<String> = layers.iter().map(|bytes| format!("sha256:{}", sum(bytes))).collect();
    let history: Vec<Value> = steps
        .iter()
        .map(|step| json!({ "created_by": step.created_by, "empty_layer": step.files.is_none(), "comment": "buildkit.dockerfile.v0" }))
        .collect();
    let layers_of = json!({ "type": "layers", "diff_ids": ids });
    let config = json!({ "architecture": "amd64", "os": "linux", "config": config, "rootfs": layers_of, "history": history });
    let config = config.to_string().into_bytes();
    let mut parts: Vec<(String, Vec<u8>)> = layers.into_iter().map(|bytes| (format!("blobs/sha256/{}", sum(&bytes)), bytes)).collect();
    let named = format!("blobs/sha256/{}", sum(&config));
    let paths: Vec<&String> = parts.iter().map(|(path, _)| path).collect();
    let manifest = json!([{ "Config": named, "RepoTags": [name], "Layers": paths }]).to_string();
    parts.push((named, config));
    parts.push(("manifest.json".to_owned(), manifest.into_bytes()));
    parts
}

pub(super) fn archive(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in parts {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, bytes.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// The status of dpkg, for packages with a priority and dependencies.
fn status(packages: &[(&str, &str, &str)]) -> String {
    packages.iter().fold(String::new(), |mut text, (name, priority, depends)| {
        let _ = write!(text, "Package: {name}\nStatus: install ok installed\nPriority: {priority}\nArchitecture: amd64\nVersion: 1.0-1\n");
        if !depends.is_empty() {
            let _ = writeln!(text, "Depends: {depends}");
        }
        text + "Description: words\n more words\n\n"
    })
}

fn states(automatic: &[&str]) -> String {
    automatic.iter().map(|name| format!("Package: {name}\nArchitecture: amd64\nAuto-Installed: 1\n\n")).collect::<Vec<_>>().concat()
}

/// The records of a distribution of pip's.
pub(super) fn wheel(name: &str, version: &str, installer: &str, requested: bool, needs: &[&str]) -> Vec<File> {
    let folder = format!("usr/lib/python3.12/site-packages/{}-{version}.dist-info", name.replace('-', "_"));
    let needs = needs.iter().map(|need| format!("Requires-Dist: {need}\n")).collect::<Vec<_>>().concat();
    let mut all = vec![
        file(
            &format!("{folder}/METADATA"),
            format!("Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{needs}\nRequires-Dist: no\n"),
        ),
        file(&format!("{folder}/INSTALLER"), format!("{installer}\n")),
    ];
    if requested {
        all.push(file(&format!("{folder}/REQUESTED"), ""));
    }
    all
}

/// The record of a package of R that says where it is from.
fn described(name: &str, more: &str) -> File {
    file(&format!("usr/local/lib/R/site-library/{name}/DESCRIPTION"), format!("Package: {name}\nVersion: 1.2\n{more}Built: R 4.4\n"))
}

fn description(name: &str, imports: &str) -> File {
    file(
        &format!("usr/local/lib/R/site-library/{name}/DESCRIPTION"),
        format!("Package: {name}\nVersion: 1.2\nImports: {imports}\nBuilt: R 4.4\n"),
    )
}

const ACCOUNTS: &str = "root:x:0:0:root:/root:/bin/sh\njovyan:x:1000:1000::/home/jovyan:/bin/sh\n";
const HISTORY: &str = "==> 2026-08-01 10:00:00 <==\n# cmd: mamba install gdal=3.9\n+conda-forge::gdal-3.9.2-py312_0\n\
                       # update specs: [\"gdal=3.9\"]\n";
const RELEASE: &str = "ID=ubuntu\nVERSION_ID=\"24.04\"\nVERSION_CODENAME=noble\n";

pub(super) fn root() -> Vec<Step> {
    let system = [("libc6", "optional", ""), ("bash", "required", "libc6")];
    vec![
        setting("ARG RELEASE"),
        layer("/bin/sh -c #(nop) ADD file:1234 in / ", vec![file("etc/os-release", RELEASE), file("var/lib/dpkg/status", status(&system))]),
        setting("/bin/sh -c #(nop)  CMD [\"/bin/bash\"]"),
    ]
}

/// Steps with pip, uv, conda and R.
pub(super) fn packages() -> Vec<Step> {
    vec![
        layer("COPY requirements.txt /tmp/requirements.txt # buildkit", vec![file("tmp/requirements.txt", "httpx<0.29\nrich==15.0.0\n")]),
        layer(
            "RUN /bin/sh -c pip install --no-cache-dir -r /tmp/requirements.txt # buildkit",
            [
                wheel("httpx", "0.28.1", "pip", true, &["anyio"]),
                wheel("anyio", "4.9", "pip", false, &[]),
                wheel("rich", "15.0.0", "pip", true, &[]),
            ]
            .concat(),
        ),
        layer(
            "RUN /bin/sh -c uv pip install --system polars altair # buildkit",
            [
                wheel("polars", "1.2", "uv", true, &[]),
                wheel("altair", "5.4", "uv", true, &["narwhals (>=1.14)"]),
                wheel("narwhals", "2.0", "uv", true, &[]),
            ]
            .concat(),
        ),
        layer(
            "RUN /bin/sh -c mamba install -y -c conda-forge 'gdal=3.9' && mamba clean -afy # buildkit",
            vec![
                file("opt/conda/conda-meta/history", HISTORY),
                file("opt/conda/conda-meta/gdal-3.9.2-py312_0.json", "{}"),
                file("opt/conda/conda-meta/libgdal-3.9.2-h1_0.json", "{}"),
            ],
        ),
        layer(
            "RUN /bin/sh -c install2.r --error sf # buildkit",
            vec![description("sf", "Rcpp, units (>= 0.7)"), description("Rcpp", ""), description("units", "Rcpp")],
        ),
    ]
}

/// An image in the manner of those that hold everything: apt, a script, pip, uv, conda, R, files, settings.
fn lab() -> Vec<Step> {
    let base = [("libc6", "optional", ""), ("bash", "required", "libc6")];
    let with = |more: &[(&'static str, &'static str, &'static str)]| status(&base.iter().chain(more).copied().collect::<Vec<_>>());
    let first = [("curl", "optional", "libcurl4"), ("libcurl4", "optional", ""), ("less", "optional", "")];
    let second: Vec<_> = first.iter().copied().chain([("graphviz", "optional", "libgvc6"), ("libgvc6", "optional", "")]).collect();
    let mut steps = root();
    steps.extend([
        layer(
            "RUN |1 TOOL=less /bin/sh -c apt-get update && apt-get install -y --no-install-recommends curl $TOOL \
             && rm -rf /var/lib/apt/lists/* # buildkit",
            vec![
                file("var/lib/dpkg/status", with(&first)),
                file("var/lib/apt/extended_states", states(&["libcurl4"])),
                file("var/cache/apt/archives/curl.deb", "x".repeat(3 << 20)),
            ],
        ),
        layer(
            "RUN /bin/sh -c bash /opt/install.sh # buildkit",
            vec![file("var/lib/dpkg/status", with(&second)), file("var/lib/apt/extended_states", states(&["libcurl4", "libgvc6"]))],
        ),
    ]);
    steps.extend(packages());
    steps.extend([
        setting("ENV PATH=/opt/lab/bin:/usr/bin"),
        layer("RUN /bin/sh -c useradd -m -u 1000 jovyan # buildkit", vec![file("etc/passwd", ACCOUNTS)]),
        layer(
            "COPY --chown=1000:1000 course /home/jovyan/course # buildkit",
            vec![("home/jovyan/course/a.ipynb".to_owned(), "{}\n".to_owned(), 0o644, 1000)],
        ),
        setting("USER jovyan"),
        setting("WORKDIR /home/jovyan"),
        setting("EXPOSE map[8888/tcp:{}]"),
        setting("CMD [\"jupyter\" \"lab\"]"),
    ]);
    steps
}

/// The archive of the guide.
pub(crate) fn guide() -> Vec<u8> {
    archive(&saved("ghcr.io/example/lab:2026", &lab(), &json!({ "User": "jovyan" })))
}

fn place(parts: &[(String, Vec<u8>)]) -> Workplace {
    let place = Workplace::with([("notes.txt", "x")]);
    std::fs::write(place.path().join("lab.tar"), archive(parts)).unwrap();
    place
}

#[test]
fn an_image_becomes_a_layer_and_is_proven() {
    let place = place(&saved("ghcr.io/example/lab:2026", &lab(), &json!({ "User": "jovyan" })));
    let ran = place.run(&["import", "lab.tar", "--to", "program", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    let printed: Value = serde_json::from_str(&ran.out).unwrap();
    let lab = place.read("program/layers/lab.jenv");
    for wanted in [
        "from ubuntu\n",
        "apt { curl less }\n",
        "run provides { apt { graphviz } } \"bash /opt/install.sh\"\n",
        "{ httpx <0.29  rich ==15.0.0 }\n",
        "conda channel \"conda-forge\" { gdal =3.9 }\n",
        "cran { sf }\n",
        "\"../files/lab/course\" to \"/home/jovyan/course\" owner user\n",
        "user jovyan { uid = 1000",
        "workdir \"/home/jovyan\"\n",
        "expose 8888\n",
        "cmd [\"jupyter\", \"lab\"]\n",
        "3 MB of the 3 MB of this layer are caches",
    ] {
        assert!(lab.contains(wanted), "{wanted}\n{lab}");
    }
    assert_eq!(place.read("program/files/lab/course/a.ipynb"), "{}\n");
    let asked = &printed["images"][0]["asked"];
    assert_eq!(
        *asked,
        json!({ "apt": ["curl", "less", "graphviz"], "pip": ["httpx", "rich", "altair", "polars"], "conda": ["gdal"], "cran": ["sf"] })
    );
    let checked = place.run(&["check", "program"]);
    assert_eq!(checked.status, 0, "{}{}", checked.out, checked.error);
    let ran = place.run(&["import", "lab.tar", "--verify", "program"]);
    assert!(ran.status == 0 && ran.out.contains("equal  lab: every step"), "{}{}", ran.out, ran.error);
    let changed = lab.replace("httpx <0.29", "httpx >=0.29").replace("apt { curl less }", "apt { curl nano }");
    place.write("program/layers/lab.jenv", changed);
    let ran = place.run(&["import", "lab.tar", "--verify", "program"]);
    assert!(
        ran.status == 2 && ran.out.contains("the image has 0.28.1") && ran.out.contains("`nano` of apt is not installed"),
        "{}{}",
        ran.out,
        ran.error
    );
}

/// The second version takes the place of the first, and a distribution of Debian's is none of pip's.
#[test]
fn a_version_that_is_replaced_is_an_override() {
    let debian = |file: &str, text: &str| (format!("usr/lib/python3/dist-packages/pip-23.0.1.dist-info/{file}"), text.to_owned(), 0o644, 0);
    let mut steps = root();
    steps.extend([
        layer(
            "RUN /bin/sh -c pip install six==1.16.0 # buildkit",
            [wheel("six", "1.16.0", "pip", true, &[]), vec![debian("METADATA", "Name: pip\nVersion: 23.0.1\n")]].concat(),
        ),
        layer(
            "RUN /bin/sh -c pip install six==1.17.0 # buildkit",
            [wheel("six", "1.17.0", "pip", true, &[]), vec![file("usr/lib/python3.12/site-packages/.wh.six-1.16.0.dist-info", "")]]
                .concat(),
        ),
    ]);
    let place = place(&saved("lab", &steps, &json!({})));
    let ran = place.run(&["import", "lab.tar", "--to", "program", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    let printed: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(printed["images"][0]["asked"], json!({ "pip": ["six", "six"] }));
    let lab = place.read("program/layers/lab.jenv");
    assert!(lab.contains("six ==1.17.0 override"), "{lab}");
    assert_eq!(place.run(&["check", "program"]).status, 0);
    let ran = place.run(&["import", "lab.tar", "--verify", "program"]);
    assert!(ran.status == 0 && ran.out.contains("has all 1 packages"), "{}{}", ran.out, ran.error);
}

/// A number stands for the account that the image knows it by, a folder that the files behind it make for itself is none of its steps,
/// and what a package carries within itself was not asked for.
#[test]
fn accounts_folders_and_vendored_packages_are_what_they_are() {
    let mut steps = root();
    let mut files = wheel("setuptools", "80.1", "pip", true, &[]);
    files.extend(wheel("setuptools/_vendor/tomli", "2.4", "pip", true, &[]));
    steps.extend([
        layer(
            "RUN /bin/sh -c set -eu; if id 1000; then userdel ubuntu; fi; useradd -m -u 1000 jovyan # buildkit",
            vec![file("etc/passwd", ACCOUNTS)],
        ),
        layer("RUN /bin/sh -c mkdir -p /etc/lab # buildkit", vec![file("etc/lab/.keep", "")]),
        layer("COPY lab.py /etc/lab/lab.py # buildkit", vec![file("etc/lab/lab.py", "c = 1\n")]),
        setting("USER 1000"),
        layer("RUN /bin/sh -c pip install setuptools # buildkit", files),
    ]);
    let place = place(&saved("lab", &steps, &json!({ "User": "1000" })));
    let ran = place.run(&["import", "lab.tar", "--to", "program", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    let printed: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(printed["images"][0]["asked"], json!({ "pip": ["setuptools"] }));
    let lab = place.read("program/layers/lab.jenv");
    assert!(lab.contains("user jovyan { uid = 1000") && !lab.contains("mkdir"), "{lab}");
    let ran = place.run(&["import", "lab.tar", "--verify", "program"]);
    assert!(ran.status == 0 && ran.out.contains("equal  lab: every step"), "{}{}", ran.out, ran.error);
}

#[test]
fn an_image_ends_where_another_one_begins() {
    let base: Vec<Step> = lab().into_iter().take(4).collect();
    let place = place(&saved("ghcr.io/example/lab:2026", &lab(), &json!({})));
    std::fs::write(place.path().join("tools.tar"), archive(&saved("ghcr.io/example/tools:1", &base, &json!({})))).unwrap();
    let ran = place.run(&["import", "lab.tar", "tools.tar", "--to", "program"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    assert!(place.read("program/layers/tools.jenv").contains("from ubuntu\n"));
    assert!(place.read("program/layers/lab.jenv").starts_with("layer lab {\n  from tools\n"), "{}", place.read("program/layers/lab.jenv"));
    let ran = place.run(&["import", "lab.tar", "tools.tar", "--verify", "program"]);
    assert!(ran.status == 0 && ran.out.contains("equal"), "{}{}", ran.out, ran.error);
}

#[test]
fn an_image_without_a_history_is_what_its_records_say() {
    let files = vec![
        file("etc/os-release", RELEASE),
        file("var/lib/dpkg/status", status(&[("bash", "required", ""), ("curl", "optional", "libcurl4"), ("libcurl4", "optional", "")])),
        file("var/lib/apt/extended_states", states(&["libcurl4"])),
        described("sf", ""),
        described("DESeq2", "Repository: Bioconductor 3.20\n"),
        described("rhdf5", "git_url: https://git.bioconductor.org/packages/rhdf5\n"),
        described("arrow", "RemoteType: github\nRemoteUsername: apache\nRemoteRepo: arrow\nRemoteSha: 0123abc\nRemoteSubdir: r\n"),
        described("own", "RemoteType: git2r\nRemoteUrl: https://git.example.org/own.git\nRemoteSha: 4567def\n"),
        described("odd", "RemoteType: git2r\nRemoteUrl: https://example.org/x\"); system(\"id\nRemoteSha: 1\n"),
    ];
    let mut parts = saved("lab", &[layer("", files)], &json!({ "Env": ["A=b"], "Cmd": ["bash"] }));
    // `docker import` leaves no history.
    let at = parts.len() - 2;
    let mut config: Value = serde_json::from_slice(&parts[at].1).unwrap();
    config["history"] = json!([]);
    parts[at].1 = config.to_string().into_bytes();
    let place = place(&parts);
    let ran = place.run(&["import", "lab.tar", "--to", "program"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    let lab = place.read("program/layers/lab.jenv");
    for wanted in [
        "apt  { curl }",
        "env { A = \"b\" }",
        "cmd [\"bash\"]",
        "{ odd sf }\n",
        "bioconductor { DESeq2 rhdf5 }\n",
        "arrow git \"https://github.com/apache/arrow\" rev \"0123abc\" subdirectory \"r\"\n",
        "own   git \"https://git.example.org/own.git\" rev \"4567def\"\n",
    ] {
        assert!(lab.contains(wanted), "{wanted}\n{lab}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn compressed_layers_and_archives_are_what_they_are_unpacked() {
    let good = saved("lab", &lab(), &json!({}));
    let import = |name: &str, bytes: &[u8]| {
        let place = Workplace::with([("notes.txt", "x")]);
        std::fs::write(place.path().join(name), bytes).unwrap();
        let ran = place.run(&["import", name, "--to", "program"]);
        assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
        let ran = place.run(&["import", name, "--verify", "program"]);
        assert!(ran.status == 0 && ran.out.contains("equal"), "{}{}", ran.out, ran.error);
        ["images.jenv", "layers/lab.jenv"].map(|path| place.read(&format!("program/{path}")))
    };
    let plain = import("lab.tar", &archive(&good));
    assert_eq!(import("lab.tar.gz", &gzip(&archive(&good))), plain);
    // Two frames, with one between them that is no data.
    let mut frames = good.clone();
    for (_, bytes) in frames.iter_mut().filter(|(path, _)| path.starts_with("blobs/")) {
        if bytes.first() != Some(&b'{') {
            let (one, two) = bytes.split_at(bytes.len() / 2);
            let pack = |bytes: &[u8]| compress_to_vec(bytes, CompressionLevel::Fastest);
            *bytes = [pack(one), vec![0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3], pack(two)].concat();
        }
    }
    assert_eq!(import("lab.tar", &archive(&frames)), plain);
    let last = frames.iter().position(|(_, bytes)| bytes.starts_with(&[0x28, 0xb5])).unwrap();
    let half = frames[last].1.len() / 2;
    frames[last].1.truncate(half);
    for (name, bytes) in [("lab.tar", archive(&frames)), ("lab.tar.gz", gzip(&archive(&good))[..900].to_vec())] {
        let place = Workplace::with([("notes.txt", "x")]);
        std::fs::write(place.path().join(name), bytes).unwrap();
        let ran = place.run(&["import", name, "--to", "program"]);
        assert!(ran.status == 1 && ran.error.contains("J1001") && !place.has("program"), "{}{}", ran.out, ran.error);
    }
}

/// A layer that is a thousand times as large as its compressed bytes.
fn bomb() -> Vec<u8> {
    let mut steps = root();
    steps.push(layer("RUN /bin/sh -c true # buildkit", vec![file("zeros", "\0".repeat(300 << 20))]));
    let mut parts = saved("lab", &steps, &json!({}));
    parts[1].1 = gzip(&parts[1].1);
    archive(&parts)
}

#[test]
fn what_is_not_whole_is_a_finding() {
    let good = saved("lab", &lab(), &json!({}));
    let whole = archive(&good);
    let with = |path: &str, bytes: &[u8]| {
        let mut parts = good.clone();
        parts.push((path.to_owned(), bytes.to_vec()));
        archive(&parts)
    };
    let mut other = good.clone();
    other[0].1.extend([1; 512]);
    let mut huge = whole.clone();
    // The size of the first part, in octal.
    huge[124..135].copy_from_slice(b"77777777777");
    let check: u32 = huge[..512].iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
    huge[148..156].copy_from_slice(format!("{check:06o}\0 ").as_bytes());
    let outside = {
        let mut parts = good.clone();
        let manifest = parts.last_mut().unwrap();
        manifest.1 = String::from_utf8(manifest.1.clone()).unwrap().replacen("blobs/sha256", "../../etc", 1).into_bytes();
        archive(&parts)
    };
    for (bytes, wanted) in [
        (whole[..whole.len() / 2].to_vec(), "it ends within"),
        (whole[..700].to_vec(), "it ends within"),
        (huge, "it ends within"),
        (with("manifest.json", b"[]"), "`manifest.json` is in it twice"),
        (archive(&other), "its digest is"),
        (bomb(), "bytes so far, out of"),
        (outside, "is not in it"),
        (archive(&[("manifest.json".to_owned(), b"{".to_vec())]), "`manifest.json` is no JSON"),
        (archive(&[("notes.txt".to_owned(), b"x".to_vec())]), "there is no image in it"),
        (Vec::new(), "it is empty"),
        (vec![7; 4096], "it is no archive"),
    ] {
        let place = Workplace::with([("notes.txt", "x")]);
        std::fs::write(place.path().join("lab.tar"), bytes).unwrap();
        let ran = place.run(&["import", "lab.tar", "--to", "program"]);
        let said = ran.error.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            ran.status == 1 && said.contains(wanted) && said.contains("lab.tar") && !place.has("program"),
            "{wanted}\n{}{}",
            ran.out,
            ran.error
        );
    }
}

#[test]
fn entries_of_a_layer_that_lead_outside_are_findings() {
    let mut header = tar::Header::new_gnu();
    header.set_size(1);
    header.set_mode(0o644);
    let name = b"../../etc/passwd";
    header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name);
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, b"x".as_slice()).unwrap();
    let inner = builder.into_inner().unwrap();
    let mut parts = saved("lab", &[layer("COPY a / # buildkit", vec![file("a", "x")])], &json!({}));
    let config = String::from_utf8(parts[1].1.clone()).unwrap().replace(&sum(&parts[0].1), &sum(&inner));
    parts[0].1 = inner;
    parts[1].1 = config.into_bytes();
    let place = place(&parts);
    let ran = place.run(&["import", "lab.tar", "--to", "program"]);
    let said = ran.error.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(ran.status == 1 && said.contains("leads outside") && !place.has("program"), "{}{}", ran.out, ran.error);
}
