//! Writes first inputs for the targets: small hives, logs and texts.

use std::fs;
use std::path::Path;

use pemedic::hive::reg_text::{export_file, export_key};
use pemedic::hive::{KeyPath, NamedValue, Value, create};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new("corpus");
    for target in ["hive", "logs", "reg_text"] {
        fs::create_dir_all(folder.join(target))?;
    }
    for minor in [1, 3, 5, 6] {
        let mut editor = create(minor)?.edit();
        for name in ["a", "a\\c", "b", "b\\x"] {
            editor.create_key(&KeyPath::new(name))?;
        }
        editor.set_value(&KeyPath::new("a"), "v", &Value::multi_string(&["one", "two"]))?;
        editor.set_value(&KeyPath::new("b"), "", &Value::binary(vec![1; 17_000]))?;
        let image = editor.finish()?.image().to_vec();
        fs::write(folder.join(format!("hive/minor-{minor}")), &image)?;
        let sectors = u8::try_from(image.len().div_ceil(512)).unwrap_or(u8::MAX);
        fs::write(folder.join(format!("logs/minor-{minor}")), [&[sectors, 8], image.as_slice(), &image[..4096]].concat())?;
    }
    let values = [
        NamedValue { name: "a".into(), value: Value::string("C:\\x \"y\"\r\nz") },
        NamedValue { name: String::new(), value: Value::multi_string(&["a", "b"]) },
    ];
    let text = export_key("HKEY_LOCAL_MACHINE\\K", &values);
    fs::write(folder.join("reg_text/five"), export_file(&text))?;
    fs::write(folder.join("reg_text/four"), format!("REGEDIT4\r\n\r\n{text}[-HKEY_USERS\\x]\r\n\"a\"=dword:1[HKEY_USERS\\b]\r\n"))?;
    Ok(())
}
