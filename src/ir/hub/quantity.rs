//! Amounts of processor and memory, in the forms that `KubeSpawner` reads.

use std::fmt;

/// Thousandths of a processor core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MilliCpu(pub u64);

/// Bytes of memory. In the language, as for `KubeSpawner`, `K`, `M`, `G` and `T` are powers of 1024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Memory(pub u64);

/// Why a text is no quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// The number can't be read, is negative or has too many digits.
    Number,
    /// The unit is unknown; the spelling that was perhaps meant.
    Unit(Option<&'static str>),
}

impl MilliCpu {
    /// `2`, `0.5`, `500m`; more than three decimals are rounded up to thousandths, as Kubernetes does it.
    ///
    /// # Errors
    /// Says whether the number or the unit is wrong.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let (number, unit) = split(text);
        match unit {
            "" => scaled(number, 1000).map(Self),
            "m" => number.parse().map(Self).map_err(|_| QuantityError::Number),
            _ => Err(QuantityError::Unit(None)),
        }
    }
}

impl fmt::Display for MilliCpu {
    /// As a number of cores: `2`, `0.5`, `0.125`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 { write!(f, "{whole}") } else { write!(f, "{whole}.{}", format!("{rest:03}").trim_end_matches('0')) }
    }
}

/// The units, largest first, with their sizes in bytes.
const UNITS: [(&str, u64); 4] = [("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)];

impl Memory {
    /// `4G`, `1.5G`, `512M`, `4Gi` (which means the same), bytes without a unit.
    ///
    /// # Errors
    /// Says whether the number or the unit is wrong, and for a unit its right spelling where one is near.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let (number, unit) = split(text);
        if unit.is_empty() {
            return number.parse().map(Self).map_err(|_| QuantityError::Number);
        }
        let known = UNITS.iter().find(|(name, _)| unit == *name || unit.strip_suffix('i') == Some(name));
        let near = || UNITS.iter().map(|(name, _)| *name).find(|name| unit.to_ascii_uppercase().starts_with(name));
        let (_, size) = known.ok_or_else(|| QuantityError::Unit(near()))?;
        scaled(number, *size).map(Self)
    }
}

impl Memory {
    /// Whether it is so little, and more than nothing, that no server starts with it: somebody left out the unit.
    #[must_use]
    pub fn lacks_unit(self) -> bool {
        (1..1 << 20).contains(&self.0)
    }
}

impl fmt::Display for Memory {
    /// With the largest unit that leaves a whole number: `4G`, `1536M`, `1000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS.iter().find(|(_, size)| self.0 >= *size && self.0.is_multiple_of(*size)) {
            Some((name, size)) => write!(f, "{}{name}", self.0 / size),
            None => write!(f, "{}", self.0),
        }
    }
}

/// Number and unit of a quantity.
fn split(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text.split_at(end)
}

/// How many decimals count.
const MOST_PLACES: usize = 12;

/// A decimal number times `size`: thousandths are rounded up, bytes down.
fn scaled(number: &str, size: u64) -> Result<u64, QuantityError> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction = fraction.get(..MOST_PLACES).unwrap_or(fraction);
    let digits: u64 = format!("{whole}{fraction}").parse().map_err(|_| QuantityError::Number)?;
    let places = u32::try_from(fraction.len()).map_err(|_| QuantityError::Number)?;
    let divisor = 10_u128.checked_pow(places).ok_or(QuantityError::Number)?;
    let product = u128::from(digits) * u128::from(size);
    let value = if size == 1000 { product.div_ceil(divisor) } else { product / divisor };
    u64::try_from(value).map_err(|_| QuantityError::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_and_written() {
        let cpu = |text| MilliCpu::parse(text).map(|cpu| cpu.to_string());
        assert_eq!(cpu("2").as_deref(), Ok("2"));
        assert_eq!(cpu("0.50").as_deref(), Ok("0.5"));
        assert_eq!(cpu("125m").as_deref(), Ok("0.125"));
        assert_eq!(cpu("0.0001").as_deref(), Ok("0.001"));
        assert_eq!(cpu("3.6505").as_deref(), Ok("3.651"));
        assert_eq!(cpu("0.333333333333333333").as_deref(), Ok("0.334"));
        assert_eq!(cpu("2G"), Err(QuantityError::Unit(None)));
        let memory = |text| Memory::parse(text).map(|memory| memory.to_string());
        assert_eq!(memory("4G").as_deref(), Ok("4G"));
        assert_eq!(memory("4Gi").as_deref(), Ok("4G"));
        assert_eq!(memory("1.5G").as_deref(), Ok("1536M"));
        assert_eq!(memory("1000").as_deref(), Ok("1000"));
        assert_eq!(memory("0").as_deref(), Ok("0"));
        assert_eq!(memory("4GB"), Err(QuantityError::Unit(Some("G"))));
        assert_eq!(memory("4g"), Err(QuantityError::Unit(Some("G"))));
        assert_eq!(memory("4x"), Err(QuantityError::Unit(None)));
        assert_eq!(memory("99999999T"), Err(QuantityError::Number));
    }
}
