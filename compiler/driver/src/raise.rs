//! A lab brought over to another edition of HL.

use diagnostics::{Located, LocatedFix, Problem, apply};
use types::Edition;
use types::problems::old_form::OLD_FORM;

use crate::mend::applied;
use crate::{Applied, Session};

impl Session {
    /// Brings the lab over to `edition`: mends what its own edition warns of, says the other one, and mends what that no
    /// longer has; says how. None where no `lab` can say it. `follow` is that of [`Session::mend`].
    pub fn raise(&mut self, edition: Edition, follow: &mut dyn FnMut(&mut Self)) -> Option<Vec<Applied>> {
        let mut all = self.mend(follow);
        if types::lab_edition(self.db()) != edition {
            let located = self.told(edition)?;
            let fix: &LocatedFix = located.fixes.first()?;
            let mut texts = self.texts();
            apply(&mut texts, [fix]);
            self.set_texts(&texts);
            all.push(applied((&located, fix)));
            all.extend(self.mend(follow));
        }
        Some(all)
    }

    /// That the lab says another edition, as a problem with the fix that writes this one.
    fn told(&self, edition: Edition) -> Option<Located> {
        let edit = types::raised(self.db(), edition.written())?;
        let title = format!("say edition {}", edition.written());
        let problem = Problem::new(&OLD_FORM, edit.place.clone(), "the lab says another edition");
        self.locate(&[problem.fix_all(title, vec![edit])]).into_iter().next()
    }
}
