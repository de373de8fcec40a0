//! What a process costs: CPU time in nanoseconds from the scheduler, the most memory it had.

use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// The median of several runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) milliseconds: f64,
    pub(crate) mebibytes: f64,
}

/// Runs a program several times in a folder, each time after `before`; the median.
pub(crate) fn measure(
    program: &Path,
    arguments: &[&str],
    folder: &Path,
    runs: usize,
    before: impl Fn() -> io::Result<()>,
) -> Result<Cost, Box<dyn Error>> {
    let mut costs = Vec::new();
    for _ in 0..runs {
        before()?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::piped());
        costs.push(once(command.spawn()?)?);
    }
    let median = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    };
    Ok(Cost {
        milliseconds: median(costs.iter().map(|cost| cost.milliseconds).collect()),
        mebibytes: median(costs.iter().map(|cost| cost.mebibytes).collect()),
    })
}

/// Waits until a child has ended and reads what it used before it is forgotten.
fn once(child: Child) -> Result<Cost, Box<dyn Error>> {
    let of = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", child.id()));
    let mut kibibytes = 0.0;
    loop {
        let status = of("status")?;
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim).unwrap_or_default();
        if let Some(most) = field("VmHWM:").split_whitespace().next() {
            kibibytes = most.parse()?;
        }
        if field("State:").starts_with('Z') {
            break;
        }
        sleep(Duration::from_micros(200));
    }
    let nanoseconds: f64 = of("schedstat")?.split_whitespace().next().ok_or("no schedstat")?.parse()?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(Cost { milliseconds: nanoseconds / 1e6, mebibytes: kibibytes / 1024.0 })
}
