//! Minimal for now.
use diagnostics::render;
fn main() {
    let path = std::env::args().nth(2).unwrap_or_else(|| "homelab.hl".into());
    let text = std::fs::read_to_string(&path).unwrap();
    let thread = std::thread::Builder::new().stack_size(512 << 20).spawn(move || {
        let session = driver::Session::open(vec![("homelab.hl".into(), text)]);
        let mut problems = if std::env::var("LIB").is_ok() { session.library_problems() } else { vec![] };
        problems.extend(session.problems());
        if std::env::var("HUMAN").is_ok() { eprint!("{}", render::human(&problems, &session.sources(), &|p| p.into(), true)); } else {
        eprint!("{}", render::short(&problems, &|p| p.into())); }
        if std::env::args().nth(1).as_deref() == Some("build") {
            let out = session.outputs();
            for (dir, files) in [("nixos", &out.nixos), ("k8s", &out.k8s)] {
                for (p, t) in files {
                    let p = std::path::Path::new(&std::env::args().nth(3).unwrap_or("/tmp/out".into())).join(dir).join(p);
                    std::fs::create_dir_all(p.parent().unwrap()).unwrap();
                    std::fs::write(p, t).unwrap();
                }
            }
        }
    }).unwrap();
    thread.join().unwrap();
}
