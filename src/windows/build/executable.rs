//! The smallest executable that has a version: headers and one section with a
//! version resource (PE format specification; `VS_VERSIONINFO`, Win32 reference).

const HEADERS_BYTES: usize = 0x200;
const PE_OFFSET: u32 = 0x40;
const OPTIONAL_HEADER_BYTES: u16 = 0xe0;
const SECTION_ADDRESS: u32 = 0x1000;
const RT_VERSION: u32 = 16;
/// The high bit of an entry's offset: it leads to another directory.
const TO_DIRECTORY: u32 = 0x8000_0000;
const VERSION_AT: usize = 0x58;
/// Header, key `VS_VERSION_INFO` with padding, fixed file information.
const VERSION_BYTES: u16 = 40 + 52;

/// A 32-bit library without code whose file version is `version`.
pub fn executable(version: [u16; 4]) -> Vec<u8> {
    let resources = resources(version);
    let mut image = headers(u32::try_from(resources.len()).unwrap_or_default());
    image.extend(resources);
    image
}

fn headers(resource_bytes: u32) -> Vec<u8> {
    let mut image = Bytes::default();
    image.text(b"MZ").zeros_until(0x3c).long(PE_OFFSET);
    // File header: i386, one section, executable library.
    image.text(b"PE\0\0").short(0x14c).short(1).longs(&[0; 3]).short(OPTIONAL_HEADER_BYTES).short(0x2102);
    // Optional header, PE32: no code, no entry point, usual base and alignments.
    image.short(0x10b).short(0).longs(&[0, resource_bytes, 0, 0, 0, SECTION_ADDRESS]);
    image.longs(&[0x1000_0000, 0x1000, 0x200]).shorts(&[5, 0, 0, 0, 5, 0]).long(0);
    image.longs(&[0x2000, 0x200, 0]).shorts(&[2, 0]).longs(&[0x10_0000, 0x1000, 0x10_0000, 0x1000, 0, 16]);
    // Data directories: the third is that of the resources.
    image.longs(&[0; 4]).long(SECTION_ADDRESS).long(resource_bytes).longs(&[0; 26]);
    image.text(b".rsrc\0\0\0").longs(&[resource_bytes, SECTION_ADDRESS, 0x200, 0x200]);
    image.longs(&[0; 3]).long(0x4000_0040).zeros_until(HEADERS_BYTES);
    image.0
}

/// Directories by type, name and language, the data entry, the version.
fn resources(version: [u16; 4]) -> Vec<u8> {
    let mut section = Bytes::default();
    section.directory(RT_VERSION, TO_DIRECTORY | 0x18);
    section.directory(1, TO_DIRECTORY | 0x30);
    section.directory(0x409, 0x48);
    let version_address = SECTION_ADDRESS + u32::try_from(VERSION_AT).unwrap_or_default();
    section.longs(&[version_address, u32::from(VERSION_BYTES), 0, 0]);
    section.shorts(&[VERSION_BYTES, 52, 0]);
    section.shorts(&"VS_VERSION_INFO\0".encode_utf16().collect::<Vec<u16>>()).short(0);
    section.longs(&[0xfeef_04bd, 0x1_0000]);
    let [major, minor, patch, build] = version;
    for _ in ["file", "product"] {
        section.shorts(&[minor, major, build, patch]);
    }
    section.longs(&[0x3f, 0, 0x4_0004, 2, 0, 0, 0]).zeros_until(0x200);
    section.0
}

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn text(&mut self, text: &[u8]) -> &mut Self {
        self.0.extend(text);
        self
    }

    fn short(&mut self, number: u16) -> &mut Self {
        self.text(&number.to_le_bytes())
    }

    fn long(&mut self, number: u32) -> &mut Self {
        self.text(&number.to_le_bytes())
    }

    fn shorts(&mut self, numbers: &[u16]) -> &mut Self {
        for number in numbers {
            self.short(*number);
        }
        self
    }

    fn longs(&mut self, numbers: &[u32]) -> &mut Self {
        for number in numbers {
            self.long(*number);
        }
        self
    }

    fn zeros_until(&mut self, len: usize) -> &mut Self {
        self.0.resize(len.max(self.0.len()), 0);
        self
    }

    /// A resource directory with one entry.
    fn directory(&mut self, id: u32, offset: u32) -> &mut Self {
        self.longs(&[0, 0, 0]).shorts(&[0, 1]).longs(&[id, offset])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::windows::file_version::of_image;

    #[test]
    fn its_version_can_be_read() {
        let image = executable([5, 0, 2195, 6968]);
        assert_eq!(of_image(&image), Ok(Some([5, 0, 2195, 6968])));
        assert_eq!(image.len(), 0x400);
    }
}
