//! What compiling costs, as ratios of CPU time in one run: machines drift, ratios hardly do.
//!
//! `cargo bench` measures programs of 10, 100 and 1,000 environments, `cargo bench -- 10000` up to that many, and how long the
//! everyday commands take on `examples/vre`. The floors are processes of this very binary that do only what no compiler can
//! avoid; see [`floor`]. Linux only: CPU time comes from `/proc`. Nothing here is a test: a number says something about the
//! machine it was taken on.

mod floor;
mod generate;
mod process;

use std::fs;
use std::path::{Path, PathBuf};

use generate::Shape;
use process::{Cost, measure};

/// What a program says for a catalogue.
const CATALOG: &str = "\noutput catalog { path = \"docs/environments.html\" }\n";

/// One row of the table.
struct Row {
    what: String,
    own: Cost,
    floor: Cost,
    /// The ratio to stay below, where there is one.
    goal: Option<f64>,
}

/// Commands that people wait for, as they are typed at `examples/vre`.
const EVERYDAY: [&[&str]; 8] = [
    &["check"],
    &["build", "--check"],
    &["fmt", "--check"],
    &["list", "packages"],
    &["show", "base"],
    &["tree"],
    &["graph", "--format", "svg"],
    &["explain", "J0401"],
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let Some((mode, rest)) = arguments.split_first()
        && let Some(mode) = mode.strip_prefix("floor-")
    {
        return floor::run(mode, rest);
    }
    let most: usize = arguments.first().and_then(|word| word.parse().ok()).unwrap_or(1_000);
    let shared = Path::new("/dev/shm");
    let place = if shared.is_dir() { tempfile::tempdir_in(shared)? } else { tempfile::tempdir()? };
    let mut rows = Vec::new();
    for shape in [Shape::Axes, Shape::Written] {
        for environments in [10, 100, 1_000, 10_000].into_iter().filter(|number| *number <= most) {
            rows.extend(case(place.path(), shape, environments)?);
        }
    }
    print(&rows);
    everyday()
}

/// Everything that is measured for one program.
fn case(place: &Path, shape: Shape, environments: usize) -> Result<Vec<Row>, Box<dyn std::error::Error>> {
    let folder = place.join(format!("{shape:?}-{environments}"));
    fs::create_dir(&folder)?;
    fs::write(folder.join("main.jenv"), generate::program(shape, environments))?;
    let jenvc = Path::new(env!("CARGO_BIN_EXE_jenvc"));
    let own = std::env::current_exe()?;
    let runs = if environments > 1_000 { 3 } else { 11 };
    let name = |what: &str| format!("{what}, {environments} {}", shape.words());
    let nothing = || Ok(());

    let check = measure(jenvc, &["check", "--quiet"], &folder, runs, nothing)?;
    let reading = measure(&own, &["floor-read", "main.jenv"], &folder, runs, nothing)?;

    let fmt = measure(jenvc, &["fmt", "--quiet"], &folder, runs, nothing)?;

    let clean = || clear(&folder);
    let build = measure(jenvc, &["build", "--quiet"], &folder, runs, clean)?;
    let pack = place.join("pack");
    floor::pack(&folder, &pack)?;
    let pack = pack.to_string_lossy().into_owned();
    let again = measure(jenvc, &["build", "--quiet"], &folder, runs, nothing)?;
    let comparing = measure(&own, &["floor-compare", &pack], &folder, runs, nothing)?;
    let writing = measure(&own, &["floor-write", &pack], &folder, runs, clean)?;
    fs::write(folder.join("main.jenv"), generate::program(shape, environments) + CATALOG)?;
    let catalog = measure(jenvc, &["build", "--quiet"], &folder, runs, clean)?;
    let with_catalog = place.join("pack-catalog");
    floor::pack(&folder, &with_catalog)?;
    let with_catalog = with_catalog.to_string_lossy().into_owned();
    let writing_catalog = measure(&own, &["floor-write", &with_catalog], &folder, runs, clean)?;
    fs::remove_dir_all(&folder)?;
    Ok(vec![
        Row { what: name("build"), own: build, floor: writing, goal: Some(2.5) },
        Row { what: name("build, nothing changed"), own: again, floor: comparing, goal: Some(2.5) },
        Row { what: name("check"), own: check, floor: reading, goal: Some(if environments == 10 { 1.5 } else { 5.0 }) },
        // It reads and prints, and compiles nothing: a check costs more, the more so the more cells there are.
        Row { what: name("fmt, against a check"), own: fmt, floor: check, goal: Some(1.0) },
        Row { what: name("build with a catalogue"), own: catalog, floor: writing_catalog, goal: None },
    ])
}

/// The everyday commands against a process that does nothing. The goal is 5 ms more.
#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn everyday() -> Result<(), Box<dyn std::error::Error>> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vre");
    let nothing = || Ok(());
    let empty = measure(&std::env::current_exe()?, &["floor-nothing"], &example, 31, nothing)?;
    println!("\n| at examples/vre | ms more than an empty process ({:.2} ms) | MiB |\n|---|--:|--:|", empty.milliseconds);
    for arguments in EVERYDAY {
        let arguments: Vec<_> = arguments.iter().copied().chain(["--quiet"]).collect();
        let cost = measure(Path::new(env!("CARGO_BIN_EXE_jenvc")), &arguments, &example, 31, nothing)?;
        println!("| {} | {:.2} | {:.1} |", arguments.join(" "), cost.milliseconds - empty.milliseconds, cost.mebibytes);
    }
    Ok(())
}

/// Takes everything away but the program.
fn clear(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        if path.is_dir() {
            fs::remove_dir_all(path)?;
        } else if path.extension().is_none_or(|extension| extension != "jenv") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn print(rows: &[Row]) {
    println!("| what | jenvc, ms | floor, ms | ratio | goal | MiB |");
    println!("|---|--:|--:|--:|--:|--:|");
    for row in rows {
        let ratio = row.own.milliseconds / row.floor.milliseconds;
        let (own, floor) = (row.own.milliseconds, row.floor.milliseconds);
        let goal = row.goal.map_or_else(|| "–".to_owned(), |goal| format!("{goal:.1}"));
        println!("| {} | {own:.2} | {floor:.2} | {ratio:.2} | {goal} | {:.1} |", row.what, row.own.mebibytes);
    }
}
