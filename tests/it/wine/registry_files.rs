//! Exports compared with those of Wine's regedit, byte for byte.

use super::machine::Machine;

/// Every type, long values, long and odd names. The names are in order,
/// because Wine keeps values sorted.
const TEXT: &str = r#"Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Vendor]

[HKEY_LOCAL_MACHINE\SOFTWARE\Vendor\App]
@="default \"quoted\" \\ back"
"a name with spaces and = and \" and \\ and a very long tail so that the first line wraps early"=hex:00,01,02,03,04,05,06,07
"b bytes"=hex:00,01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11,12,13,14,15,16,17,18,19,1a,1b,1c,1d,1e,1f,20,21,22,23,24
"c empty"=hex:
"d expand"=hex(2):25,00,53,00,79,00,73,00,74,00,65,00,6d,00,52,00,6f,00,6f,00,74,00,25,00,5c,00,78,00,00,00
"e multi"=hex(7):61,00,00,00,62,00,00,00,00,00
"f quad"=hex(b):01,00,00,00,00,00,00,00
"g none"=hex(0):
"h odd type"=hex(abcd):56,61
"i big-endian"=hex(5):00,00,00,01
"j link"=hex(6):61,00,62,00
"k number"=dword:0000002a
"l text"="plain"
"m späße"="äöü €"

[HKEY_LOCAL_MACHINE\SOFTWARE\Vendor\App\Sub key]

[HKEY_LOCAL_MACHINE\SOFTWARE\Vendor\App\Sub key\Deeper]
@=hex(2):25,00,00,00

"#;

#[test]
fn an_export_is_byte_for_byte_what_regedit_writes() {
    let Some(machine) = Machine::new() else { return };
    let folder = machine.on_wine(1);
    std::fs::write(folder.join("text.reg"), TEXT.replace('\n', "\r\n")).unwrap();
    let (target, file) = (machine.here(1).to_str().unwrap(), folder.join("ours.reg"));
    let text = folder.join("text.reg");
    let imported = machine.run_here(&["reg", "import", text.to_str().unwrap(), "--target", target, "--yes"]);
    assert_eq!(imported.code, 0, "{imported:?}");
    let key = r"HKLM\SOFTWARE\Vendor";
    let exported = machine.run_here(&["reg", "export", key, file.to_str().unwrap(), "--target", target]);
    assert_eq!(exported.code, 0, "{exported:?}");
    // Wine's own registry takes what we wrote, and writes it again.
    let clean = "REGEDIT4\r\n\r\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Vendor]\r\n";
    std::fs::write(folder.join("clean.reg"), clean).unwrap();
    machine.regedit(&["/S", r"E:\clean.reg"]);
    machine.regedit(&["/S", r"E:\ours.reg"]);
    machine.regedit(&["/E", r"E:\theirs.reg", r"HKEY_LOCAL_MACHINE\SOFTWARE\Vendor"]);
    machine.regedit(&["/S", r"E:\clean.reg"]);
    let (ours, theirs) = (std::fs::read(file).unwrap(), std::fs::read(folder.join("theirs.reg")).unwrap());
    assert!(ours == theirs, "{}\n\n{}", text_of(&ours), text_of(&theirs));
    assert!(text_of(&ours).lines().count() > 20, "{}", text_of(&ours));
}

fn text_of(utf16: &[u8]) -> String {
    let units = utf16.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    String::from_utf16_lossy(&units.collect::<Vec<_>>())
}
