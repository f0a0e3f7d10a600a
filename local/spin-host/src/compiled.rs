//! Compiled components, kept between starts: compiling one takes seconds, reading it back milliseconds.
//!
//! An entry's name is `<key>-<digest>.cwasm`. The key stands for the component's bytes and for everything of the engine
//! that compiled code depends on; the digest is that of the entry's own content. So an entry appears whole or not at
//! all, and one that was damaged no longer fits its name.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use wasmtime::component::Component;
use wasmtime::error::Context;
use wasmtime::{Engine, Result, format_err};

use crate::log;

/// A folder of compiled components. It may be shared by processes and emptied at any time.
pub struct CompiledCache {
    folder: PathBuf,
}

/// A component ready to run, and where it came from.
pub struct Loaded {
    pub component: Component,
    /// How long compiling took; `None`: it was in the cache.
    pub compiled_in: Option<Duration>,
}

impl CompiledCache {
    /// Uses the folder, which need not exist yet.
    pub fn new(folder: PathBuf) -> CompiledCache {
        CompiledCache { folder }
    }

    /// The folder used where none is named, under the user's cache folder.
    pub fn default_folder() -> Result<PathBuf> {
        let caches = match std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
            Some(folder) => PathBuf::from(folder),
            None => std::env::home_dir()
                .ok_or_else(|| {
                    format_err!("there is no home folder for the cache: name a folder with --cache")
                })?
                .join(if cfg!(target_os = "macos") {
                    "Library/Caches"
                } else {
                    ".cache"
                }),
        };
        Ok(caches.join("order-bench").join("components"))
    }

    /// Reads a component, compiling it if need be.
    pub fn load(&self, engine: &Engine, source: &Path) -> Result<Loaded> {
        let bytes =
            fs::read(source).with_context(|| format!("cannot read {}", source.display()))?;
        let key = key(engine, &bytes);
        if let Some(component) = self.find(engine, &key)? {
            return Ok(Loaded {
                component,
                compiled_in: None,
            });
        }
        let start = Instant::now();
        let component = Component::new(engine, &bytes)
            .with_context(|| format!("{} is not a component that runs here", source.display()))?;
        let compiled_in = Some(start.elapsed());
        self.keep(&key, &component.serialize()?)
            .with_context(|| format!("cannot write to the cache {}", self.folder.display()))?;
        Ok(Loaded {
            component,
            compiled_in,
        })
    }

    fn find(&self, engine: &Engine, key: &str) -> Result<Option<Component>> {
        for path in self.entries(key)? {
            match self.open(engine, &path) {
                Ok(component) => return Ok(Some(component)),
                Err(error) => {
                    log::warn(format_args!(
                        "{} is damaged and will be made anew: {error:#}",
                        path.display()
                    ));
                    remove(&path)?;
                }
            }
        }
        Ok(None)
    }

    fn open(&self, engine: &Engine, path: &Path) -> Result<Component> {
        let content = fs::read(path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let digest = blake3::hash(&content).to_hex();
        if !name.ends_with(digest.as_str()) {
            return Err(format_err!("its content is not what was written"));
        }
        // SAFETY: machine code is run as it stands. It was written by `keep`, from a component that this engine compiled,
        // in a folder of the user's own; and what runs are the very bytes that were just proved unchanged, not the file.
        unsafe { Component::deserialize(engine, &content) }
    }

    fn keep(&self, key: &str, content: &[u8]) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        let name = format!("{key}-{}.cwasm", blake3::hash(content).to_hex());
        let temporary = self.folder.join(format!("{name}.{}", std::process::id()));
        fs::write(&temporary, content)?;
        fs::rename(&temporary, self.folder.join(name))?;
        Ok(())
    }

    fn entries(&self, key: &str) -> Result<Vec<PathBuf>> {
        let folder = match fs::read_dir(&self.folder) {
            Ok(folder) => folder,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("cannot read the cache {}", self.folder.display()));
            }
        };
        let mut paths = Vec::new();
        for entry in folder {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(key) && name.ends_with(".cwasm") {
                paths.push(path);
            }
        }
        Ok(paths)
    }
}

/// Removes a file that another process may have removed already.
fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// What compiled code depends on, as one name.
fn key(engine: &Engine, bytes: &[u8]) -> String {
    let mut hasher = Blake3(blake3::Hasher::new());
    bytes.hash(&mut hasher);
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.0.finalize().to_hex().to_string()
}

/// Feeds `Hash` values to a strong hash.
struct Blake3(blake3::Hasher);

impl Hasher for Blake3 {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest = self.0.finalize();
        u64::from_le_bytes(
            *digest
                .as_bytes()
                .first_chunk()
                .expect("a digest has 32 bytes"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine;
    use crate::settings::Settings;
    use crate::test_folder::Folder;

    fn engine() -> Engine {
        engine::build(&Settings::default()).unwrap().0
    }

    #[test]
    fn a_component_is_compiled_once() {
        let folder = Folder::new();
        let source = folder.join("empty.wasm");
        fs::write(&source, "(component)").unwrap();
        let cache = CompiledCache::new(folder.join("cache"));
        let engine = engine();
        assert!(cache.load(&engine, &source).unwrap().compiled_in.is_some());
        assert!(cache.load(&engine, &source).unwrap().compiled_in.is_none());
        assert_eq!(fs::read_dir(&cache.folder).unwrap().count(), 1);
    }

    #[test]
    fn a_damaged_entry_is_made_anew() {
        let folder = Folder::new();
        let source = folder.join("empty.wasm");
        fs::write(&source, "(component)").unwrap();
        let cache = CompiledCache::new(folder.join("cache"));
        let engine = engine();
        cache.load(&engine, &source).unwrap();
        let entry = fs::read_dir(&cache.folder)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        for damage in [&b""[..], b"not a component"] {
            fs::write(&entry, damage).unwrap();
            assert!(cache.load(&engine, &source).unwrap().compiled_in.is_some());
            assert!(cache.load(&engine, &source).unwrap().compiled_in.is_none());
        }
        let mut content = fs::read(&entry).unwrap();
        let middle = content.len() / 2;
        content[middle] ^= 1;
        fs::write(&entry, content).unwrap();
        assert!(cache.load(&engine, &source).unwrap().compiled_in.is_some());
    }

    #[test]
    fn other_bytes_have_another_entry() {
        let engine = engine();
        assert_ne!(key(&engine, b"a"), key(&engine, b"b"));
        assert_eq!(key(&engine, b"a"), key(&engine, b"a"));
    }

    #[test]
    fn entries_do_not_depend_on_settings() {
        let settings = Settings {
            memory_keep_resident_bytes: 16 << 20,
            ..Settings::default()
        };
        let (other, _) = engine::build(&settings).unwrap();
        assert_eq!(key(&engine(), b"a"), key(&other, b"a"));
    }

    #[test]
    fn a_file_that_is_no_component_is_named() {
        let folder = Folder::new();
        let source = folder.join("text.wasm");
        fs::write(&source, "text").unwrap();
        let cache = CompiledCache::new(folder.join("cache"));
        let error = cache.load(&engine(), &source).err().unwrap();
        assert!(error.to_string().contains("text.wasm"), "{error}");
    }
}
