/// Whether a JSON number keeps its value where it is read into a double and the double is written in the shortest form that
/// reads back, as Go's encoding/json does.
pub fn fits_double(number: &str) -> bool {
    if is_short(number) {
        return true;
    }
    let Ok(double) = number.parse::<f64>() else { return false };
    double.is_finite() && decimal_of(number) == decimal_of(&format!("{double:e}"))
}

/// The cheap test: a double holds every number of up to 15 digits that is far from the ends of its range.
fn is_short(number: &str) -> bool {
    number.len() <= 15 && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
}

/// The value of a JSON number: whether it is negative, its digits without zeros at either end, and the power of ten of the
/// last. The same for the same value, however it is written, and exact for any number of digits. Zero has no sign.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

fn decimal_of(number: &str) -> Decimal {
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_end_matches('0');
    let trailing_zeros = all.len() - digits.len();
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Decimal { is_negative: false, digits: String::new(), exponent: 0 };
    }
    let exponent = exponent_of(exponent).saturating_add(trailing_zeros as i64 - fraction.len() as i64);
    Decimal { is_negative: number.starts_with('-'), digits: digits.into(), exponent }
}

/// One beyond 64 bits is as far from a double's as the largest within.
fn exponent_of(text: &str) -> i64 {
    text.parse().unwrap_or(if text.starts_with('-') { i64::MIN } else { i64::MAX })
}

/// Length of a finite double in the shortest form that reads back, as JavaScript and Go's encoding/json write it: with an
/// exponent below 1e-6 and from 1e21 on.
pub(crate) fn double_size_bytes(double: f64) -> usize {
    let Decimal { is_negative, digits, exponent } = decimal_of(&format!("{double:e}"));
    if digits.is_empty() {
        return if double.is_sign_negative() { "-0".len() } else { "0".len() };
    }
    let count = digits.len() as i64;
    // Digits before the point, or, negative, zeros behind it.
    let whole = count + exponent;
    let size = match whole {
        22.. | ..-5 => {
            let point = i64::from(count > 1);
            count + point + "e+".len() as i64 + (whole - 1).abs().to_string().len() as i64
        }
        ..=0 => "0.".len() as i64 - whole + count,
        _ if exponent >= 0 => whole,
        _ => count + ".".len() as i64,
    };
    (size + i64::from(is_negative)) as usize
}
