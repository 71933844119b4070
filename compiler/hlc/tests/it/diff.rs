//! `hlc diff` with a real git: what changes in what is built, and from which side it is known.

use std::fs;
use std::process::Command;

use harness::Outcome;
use insta::assert_snapshot;
use serde_json::Value;

use crate::vault::{SOURCE, Vault};
use crate::world::{GOOD, Run, World};

const CHART: &str = r#"
release cache in tools {
  chart = chart("valkey", repo = "https://valkey.io/valkey-helm", version = "0.9.3")
  values { replicas = 1, auth { enabled = false } }
}
"#;

const EXTRA: &str = r#"
app extra in tools {
  image = "docker.io/library/nginx:1.29.0"
  port http = 80
  resources { memory = 64MiB }
}
"#;

/// A lab in a repository of git.
struct Repository {
    world: World,
}

impl Repository {
    /// With a commit of the lab.
    fn new(lab: &str) -> Self {
        Self::of(World::with(lab))
    }

    /// With a commit of all that is there.
    fn of(world: World) -> Self {
        let repository = Self { world };
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.commit();
        repository
    }

    #[track_caller]
    fn git(&self, arguments: &[&str]) -> String {
        git(&self.world, arguments)
    }

    /// Commits all that is there.
    #[track_caller]
    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", "a state"]);
    }

    /// Replaces text in the lab's file, where it must stand once.
    #[track_caller]
    fn edit(&self, old: &str, new: &str) {
        let text = self.world.text("homelab.hl");
        assert_eq!(text.matches(old).count(), 1, "{old}");
        self.world.write("homelab.hl", text.replacen(old, new, 1));
    }

    #[track_caller]
    fn diff(&self, arguments: &[&str]) -> Run {
        self.world.run(&[&["diff"], arguments].concat())
    }

    /// What differs, where comparing works.
    #[track_caller]
    fn told(&self, arguments: &[&str]) -> String {
        let run = self.diff(arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.all());
        run.out
    }

    /// Why comparing does not work.
    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> String {
        let run = self.diff(arguments);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.all());
        run.err
    }
}

#[track_caller]
fn git(world: &World, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.current_dir(world.path(".")).args([
        "-c",
        "user.name=somebody",
        "-c",
        "user.email=somebody@example.net",
    ]);
    git.args(arguments).env("HOME", world.path("home")).env("GIT_CONFIG_NOSYSTEM", "1");
    Outcome::of(&mut git).succeeded().stdout
}

const NOTHING: &str = "nothing changes in what is built\n";

#[test]
fn what_changes_is_told_by_line_of_the_lab() {
    let repository = Repository::new(&format!("{GOOD}{CHART}"));
    repository.edit("nginx:1.29.0", "nginx:1.29.1");
    repository.edit("version = \"0.9.3\"", "version = \"0.9.4\"");
    repository.edit("replicas = 1", "replicas = 2, port = 6379");
    repository
        .edit("services.openssh.enable = true", "services.openssh.enable = false, nix.gc.automatic = true");
    repository.edit("network = lan\n", "network = lan\n  packages = [\"htop\"]\n");
    let from = repository.world.text("homelab.hl").find("app exporter").expect("an app");
    let until = repository.world.text("homelab.hl").find("limit = ").expect("a constant");
    let gone = repository.world.text("homelab.hl")[from..until].to_owned();
    repository.edit(&gone, EXTRA);
    assert_snapshot!(repository.told(&["HEAD"]));
    assert_snapshot!(repository.told(&["HEAD", "--markdown"]));
    assert_snapshot!(repository.told(&["HEAD", "--json"]));
    let run = repository.diff(&["HEAD", "--detailed-exitcode"]);
    assert_eq!(run.code, 2, "{}", run.all());
    let painted = repository.diff(&["HEAD", "--color", "always"]).out;
    assert!(painted.contains("\u{1b}[33m~\u{1b}[0m Deployment"), "{painted:?}");
    // Nothing is left behind, and nothing in the repository is another.
    assert_eq!(repository.git(&["status", "--porcelain"]), " M homelab.hl\n");
    repository.commit();
    assert_eq!(repository.told(&["HEAD"]), NOTHING);
    let both = repository.told(&["HEAD~1", "--to", "HEAD"]);
    assert_eq!(both, repository.told(&["HEAD~1"]));
    let back = repository.told(&["HEAD", "--to", "HEAD~1"]);
    assert!(back.contains("  + DaemonSet") || back.contains("  + Deployment tools/exporter"), "{back}");
}

#[test]
fn what_only_moved_or_is_written_in_another_way_is_no_change() {
    let repository = Repository::new(&format!("{GOOD}{CHART}"));
    repository.world.run(&["build"]);
    let moved = format!("# A note.\n\n\n{GOOD}{CHART}");
    repository.world.write("homelab.hl", moved.replace("memory = 64MiB", "memory   =  64 * 1MiB"));
    for arguments in [["--detailed-exitcode"].as_slice(), &["HEAD", "--detailed-exitcode"]] {
        assert_eq!(repository.told(arguments), NOTHING);
    }
    assert_eq!(repository.told(&["HEAD", "--json"]), "{\n  \"version\": 1,\n  \"differences\": []\n}\n");
}

#[test]
fn the_last_build_is_what_is_on_the_disk() {
    let repository = Repository::new(&format!("{GOOD}{CHART}"));
    assert_snapshot!(repository.refused(&[]), @"error: there is no build in . to compare with; 'hlc build' writes one, and 'hlc diff HEAD' compares with the last commit");
    repository.world.run(&["build"]);
    assert_eq!(repository.told(&[]), NOTHING);
    repository.edit("nginx:1.29.0", "nginx:1.29.1");
    repository.edit("host one : node { ", "host one : node { packages = [\"htop\"], ");
    // Beside the build all lines are known that are of the new lab.
    assert_eq!(repository.told(&[]), repository.told(&["HEAD"]));
    repository.edit(CHART, "");
    let gone = repository.told(&[]);
    assert!(gone.contains("  - release tools/cache\n"), "{gone}");
    assert!(repository.told(&["HEAD"]).contains("  - release tools/cache  homelab.hl:"));
    repository.world.run(&["build"]);
    assert_eq!(repository.told(&[]), NOTHING);
    // What was edited by hand is no build of the lab's.
    let path = "k8s/10_last/web/manifests/deployment-web.yaml";
    let text = repository.world.text(path);
    repository.world.write(path, text.replace("replicas: 1", "replicas: 3"));
    let run = repository.diff(&[]);
    assert_eq!(run.err, format!("edited by hand since the last build: {path}\n"));
    assert!(run.out.contains("      spec.replicas: 3 → 1\n"), "{}", run.out);
    // A build somewhere else.
    repository.world.run(&["build", "--out", "elsewhere"]);
    assert_eq!(repository.told(&["--out", "elsewhere"]), NOTHING);
    assert_eq!(repository.diff(&["HEAD", "--out", "elsewhere"]).code, 2);
}

#[test]
fn what_is_renamed_goes_and_comes() {
    let repository = Repository::new(&format!("{GOOD}{EXTRA}"));
    repository.edit("app extra in", "app renamed in");
    assert_snapshot!(repository.told(&["main"]));
    let repository = Repository::new(&format!("{GOOD}{EXTRA}"));
    repository.edit("host one :", "host two :");
    repository.edit("servers = [one]", "servers = [two]");
    let told = repository.told(&["main"]);
    for said in
        ["nixos/hosts/one\n  - option services.openssh.enable  homelab.hl:", "nixos/hosts/two\n  + option"]
    {
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn helmfiles_and_what_is_in_another_component_are_told() {
    let own = "helmfile mine { stage = last, path = \"./mine/helmfile.yaml\" }\n";
    let repository = Repository::new(&format!("{GOOD}{EXTRA}"));
    repository.world.write("mine/helmfile.yaml", "releases: []\n");
    repository.world.write(
        "homelab.hl",
        format!("{GOOD}{EXTRA}{own}")
            .replace("app extra in tools {", "app extra in tools {\n  part-of = web"),
    );
    assert_snapshot!(repository.told(&["HEAD"]));
}

#[test]
fn secrets_are_told_by_name_and_never_by_value() {
    let vault = Vault::built();
    git(&vault.world, &["init", "--quiet"]);
    git(&vault.world, &["add", "--all"]);
    git(&vault.world, &["commit", "--quiet", "-m", "a state"]);
    let told = |arguments: &[&str]| {
        let run = vault.keyless(&[&["diff"], arguments].concat());
        assert_eq!(run.code, 0, "{}", run.all());
        run.out
    };
    assert_eq!((told(&[]), told(&["HEAD"])), (NOTHING.to_owned(), NOTHING.to_owned()));
    vault.edit_lab("env { TOKEN = token, ", "env { TOKEN = token, NEW = hexed, ");
    vault.edit_lab("ID = id, ", "");
    vault.edit_lab("secrets = [deploy, blob, password]", "secrets = [deploy, blob, pin]");
    let by_name = told(&["HEAD"]);
    // What changes with the values is another each time.
    let is_same = |line: &&str| !line.contains("annotations.checksum/secrets: ");
    assert_snapshot!(by_name.lines().filter(is_same).collect::<Vec<_>>().join("\n"));
    vault.set("password", "a better one");
    let anew = told(&[]);
    assert!(anew.contains("k8s/10_last/web\n") || anew.contains("10_last/web\n"), "{anew}");
    let (old, new) = (vault.text(SOURCE), told(&["HEAD", "--json"]));
    for text in [&by_name, &anew, &new] {
        assert!(
            !text.contains("ENC[") && !text.contains("a better one") && !text.contains("correct horse"),
            "{text}"
        );
    }
    assert_eq!(vault.text(SOURCE), old);
    // Only a value is another one.
    git(&vault.world, &["add", "--all"]);
    git(&vault.world, &["commit", "--quiet", "-m", "another state"]);
    vault.set("pin", "1234567890123456789012345678901234567890");
    let told = told(&["HEAD"]);
    assert!(told.contains("  ~ secrets/web.values.secrets.yaml  homelab.hl:"), "{told}");
    assert!(told.contains("      other values, or other readers\n"), "{told}");
}

#[test]
fn errors_are_said_to_be_of_their_side() {
    let repository = Repository::new(&GOOD.replace("in tools {\n  image", "in tolos {\n  image"));
    repository.world.write("homelab.hl", GOOD);
    assert_snapshot!(repository.refused(&["HEAD"]));
    repository.commit();
    repository.edit("memory = 64MiB", "memory = 64");
    let now = repository.refused(&["HEAD"]);
    assert!(now.contains("─[ homelab.hl:") || now.contains("[homelab.hl:"), "{now}");
    assert!(now.ends_with("error: nothing was compared: 1 error in the lab as it is\n"), "{now}");
    let both = repository.refused(&["HEAD~1"]);
    assert!(both.contains("HEAD~1:homelab.hl:"), "{both}");
    assert!(both.contains(" in revision 'HEAD~1', 1 error in the lab as it is\n"), "{both}");
    // Where both sides are revisions, the work tree is asked nothing.
    repository.world.write("homelab.hl", "nothing that anybody could read {");
    assert_eq!(repository.told(&["HEAD", "--to", "main"]), NOTHING);
}

#[test]
fn a_revision_is_a_name_and_nothing_else() {
    let repository = Repository::new(GOOD);
    let hostile = [
        "--output=x",
        "-h",
        "--all",
        "",
        " ",
        "HEAD:homelab.hl",
        "HEAD^{tree}",
        "HEAD..HEAD",
        "main HEAD",
        "$(touch x)",
        "`touch x`",
        "a\u{1b}[31m",
        "../../etc",
        "HEAD\nHEAD",
        "no-such-branch",
    ];
    for revision in hostile {
        let err = repository.refused(&["--", revision]);
        assert!(
            err.starts_with("error: git knows no revision '") && !err.contains('\u{1b}'),
            "{revision:?}: {err}"
        );
        if revision.is_empty() {
            // Which is no value to the command line.
            continue;
        }
        let err = repository.refused(&["HEAD", &format!("--to={revision}")]);
        assert!(err.starts_with("error: git knows no revision '"), "{revision:?}: {err}");
    }
    assert_eq!(repository.diff(&["--output=x"]).code, 2);
    assert!(!repository.world.path("x").exists());
    for revision in ["HEAD", "main", "HEAD~0", "@", "v1"] {
        repository.git(&["tag", "--force", "v1"]);
        assert_eq!(repository.told(&[revision]), NOTHING);
    }
    let commit = repository.git(&["rev-parse", "HEAD"]);
    assert_eq!(repository.told(&[&commit[..12]]), NOTHING);
}

#[test]
fn without_a_repository_there_are_no_revisions() {
    let world = World::good();
    let run = world.run(&["diff", "HEAD"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err.starts_with("error: git knows no revisions of this folder: not a git repository"),
        "{}",
        run.err
    );
    let mut without = world.command(&["diff", "HEAD"]);
    let run = Run::of(&without.env("PATH", world.path("nothing")).output().expect("the program runs"));
    assert_eq!(run.code, 1);
    assert!(run.err.contains("git says what was in a revision, and cannot be started: "), "{}", run.err);
    // One without a commit.
    git(&world, &["init", "--quiet"]);
    assert_eq!(world.run(&["diff", "HEAD"]).code, 1);
    // And one in which the lab is new.
    git(&world, &["commit", "--quiet", "--allow-empty", "-m", "nothing"]);
    let run = world.run(&["diff", "HEAD"]);
    let expected = "error: cannot read homelab.hl of revision 'HEAD': there is no such file\n";
    assert_eq!((run.code, run.err.as_str()), (1, expected));
}

#[test]
fn a_lab_may_be_in_a_folder_of_its_repository() {
    let lab = GOOD.replace("limit = ", "import \"apps/more.hl\"\nimport \"link.hl\"\n\nlimit = ");
    let more = format!(
        "{}{}",
        EXTRA,
        "\napp reads in tools {\n  image = \"docker.io/library/nginx:1.29.0\"\n  port http = 80\n  file \"/etc/x\" = file(\"./x.conf\")\n  resources { memory = 64MiB }\n}\n"
    );
    let world = World::empty()
        .file("labs/home/homelab.hl", &lab)
        .file("labs/home/apps/more.hl", &more)
        .file("labs/home/apps/x.conf", "one\n")
        .file("labs/home/x.conf", "one\n")
        .file("labs/home/real.hl", "linked = 1\n")
        .file("homelab.hl", "this is no lab {");
    #[cfg(unix)]
    std::os::unix::fs::symlink("real.hl", world.path("labs/home/link.hl")).expect("a link");
    let repository = Repository::of(world.within("labs/home"));
    assert_eq!(repository.told(&["HEAD"]), NOTHING);
    repository.world.write("labs/home/apps/more.hl", more.replace("nginx:1.29.0", "nginx:1.29.1"));
    repository.world.write("labs/home/x.conf", "two\n");
    repository.world.write("labs/home/apps/x.conf", "two\n");
    let told = repository.told(&["HEAD"]);
    assert!(told.contains("  ~ Deployment tools/extra  apps/more.hl:2: app extra\n"), "{told}");
    assert!(told.contains("\"one\\n\" → \"two\\n\""), "{told}");
    let elsewhere = World::empty();
    let file = repository.world.path("labs/home/homelab.hl");
    let run = elsewhere.run(&["--file", &file.to_string_lossy(), "diff", "HEAD"]);
    assert_eq!((run.code, run.out), (0, told.clone()));
    // Git may be at work elsewhere.
    let mut command = repository.world.command(&["diff", "HEAD"]);
    command.env("GIT_DIR", elsewhere.path(".git")).env("GIT_INDEX_FILE", elsewhere.path("index"));
    assert_eq!(Run::of(&command.output().expect("the program runs")).out, told);
}

#[test]
fn what_a_lab_reads_is_from_its_revision_too() {
    let reads = "\napp reads in tools {\n  image = \"docker.io/library/nginx:1.29.0\"\n  port http = 80\n  file \"/etc/x\" = file(\"./x.conf\")\n  resources { memory = 64MiB }\n}\n";
    let repository = Repository::new(&format!("{GOOD}{reads}import \"more.hl\"\n"));
    repository.world.write("x.conf", "one\n");
    repository.world.write("more.hl", EXTRA);
    let run = repository.diff(&["HEAD"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(run.err.contains("HEAD:homelab.hl:"), "{}", run.err);
    assert!(run.err.contains("nothing was compared: 2 errors in revision 'HEAD'"), "{}", run.err);
    repository.commit();
    // And what is there no more, is there in the revision.
    fs::remove_file(repository.world.path("x.conf")).expect("a file");
    fs::remove_file(repository.world.path("more.hl")).expect("a file");
    repository.world.write("homelab.hl", GOOD);
    let told = repository.told(&["HEAD"]);
    assert!(told.contains("  - Deployment tools/extra  more.hl:2: app extra\n"), "{told}");
}

#[test]
fn differences_are_for_programs_too() {
    let repository = Repository::new(&format!("{GOOD}{CHART}"));
    repository.edit("nginx:1.29.0", "nginx:1.29.1");
    let all: Value = serde_json::from_str(&repository.told(&["HEAD", "--json"])).expect("JSON");
    let one = &all["differences"][0];
    assert_eq!(
        (&one["part"], &one["what"], &one["object"]["kind"]),
        (&"10_last/web".into(), &"changed".into(), &"Deployment".into())
    );
    assert_eq!(one["origin"]["declaration"], "app web");
    assert_eq!(one["details"][0]["field"]["path"], "spec.template.spec.containers[web].image");
    assert_eq!(all["differences"].as_array().map(Vec::len), Some(1));
    assert_eq!(repository.diff(&["HEAD", "--json", "--markdown"]).code, 2);
    assert_eq!(repository.diff(&["--to", "HEAD"]).code, 2);
}
