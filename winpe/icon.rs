//! The program's icon, drawn: a cell of a hive with a cross in it.

/// Sizes a Windows desktop asks for, in pixels.
const SIZES: [u8; 4] = [16, 24, 32, 48];
/// Every pixel is the mean of so many points in each direction.
const POINTS: u32 = 4;

// Blue, green, red.
const AMBER: [u8; 3] = [0x1E, 0x9A, 0xE6];
const WHITE: [u8; 3] = [0xFF, 0xFF, 0xFF];

/// An `.ico` file: directory, then one bitmap for each size
/// ("Icons", Windows resource file formats).
pub(crate) fn file() -> Vec<u8> {
    let images: Vec<Vec<u8>> = SIZES.iter().map(|size| bitmap(u32::from(*size))).collect();
    let count = u16::try_from(SIZES.len()).unwrap_or(0);
    let mut file = [0_u16, 1, count].map(u16::to_le_bytes).concat();
    let mut offset = 6 + 16 * images.len();
    for (size, image) in SIZES.iter().zip(&images) {
        file.extend([*size, *size, 0, 0, 1, 0, 32, 0]);
        file.extend(
            [image.len(), offset].map(|n| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes()).concat(),
        );
        offset += image.len();
    }
    file.extend(images.concat());
    file
}

/// `BITMAPINFOHEADER`, blue-green-red-alpha rows from the bottom up, and a mask
/// that the alpha channel makes unnecessary; the height counts both.
fn bitmap(size: u32) -> Vec<u8> {
    let mask_len = size.div_ceil(32) * 4 * size;
    let header = [40, size, size * 2, 1 | 32 << 16, 0, size * size * 4 + mask_len, 0, 0, 0, 0];
    let mut image: Vec<u8> = header.map(u32::to_le_bytes).concat();
    for y in (0..size).rev() {
        for x in 0..size {
            image.extend(pixel(x, y, size));
        }
    }
    image.resize(image.len() + mask_len as usize, 0);
    image
}

fn pixel(x: u32, y: u32, size: u32) -> [u8; 4] {
    let (mut amber, mut white) = (0, 0);
    for point in 0..POINTS * POINTS {
        let at = |pixel: u32, part: u32| {
            let points = f64::from(size * POINTS);
            (f64::from(pixel * POINTS + part) + 0.5) / points * 2.0 - 1.0
        };
        let (x, y) = (at(x, point % POINTS), at(y, point / POINTS));
        if in_cross(x, y) {
            white += 1;
        } else if in_hexagon(x, y) {
            amber += 1;
        }
    }
    let covered = amber + white;
    let mix = |channel: usize| {
        let sum = u32::from(AMBER[channel]) * amber + u32::from(WHITE[channel]) * white;
        u8::try_from(sum / covered.max(1)).unwrap_or(u8::MAX)
    };
    let alpha = u8::try_from(covered * 255 / (POINTS * POINTS)).unwrap_or(u8::MAX);
    [mix(0), mix(1), mix(2), alpha]
}

/// Standing on a corner, in a square from -1 to 1.
fn in_hexagon(x: f64, y: f64) -> bool {
    let (x, y) = (x.abs(), y.abs());
    x <= 0.85 && x * 0.5 / 0.866 + y <= 0.98
}

fn in_cross(x: f64, y: f64) -> bool {
    let (x, y) = (x.abs(), y.abs());
    x.max(y) <= 0.52 && x.min(y) <= 0.18
}
