//! In which order hosts are switched.

/// What a host is in a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It is in none.
    Alone,
    /// It runs the API; which one in the lab's order.
    Server(usize),
    /// It only runs pods.
    Agent,
}

/// Hosts that are switched at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Which ones, by their place among all.
    pub hosts: Vec<usize>,
    /// Whether what comes later needs them to be well.
    pub is_needed: bool,
}

/// The turns of hosts with these roles. Those of no cluster come first, since others may need what they serve. Then
/// servers, one at a time and the first one first, so that the API stays up and nobody is ahead of it; then agents, which
/// are never newer than servers. Those that move their pods away take turns, so that there is somewhere to move to.
pub fn turns(hosts: &[(Role, bool)]) -> Vec<Turn> {
    let with = |is: &dyn Fn(Role, bool) -> bool| -> Vec<usize> {
        let all = hosts.iter().enumerate();
        all.filter(|(_, (role, drains))| is(*role, *drains)).map(|(nth, _)| nth).collect()
    };
    let mut servers = with(&|role, _| matches!(role, Role::Server(_)));
    servers.sort_by_key(|nth| hosts[*nth].0);
    let turn = |hosts: Vec<usize>, is_needed| Turn { hosts, is_needed };
    let mut turns = vec![turn(with(&|role, _| role == Role::Alone), false)];
    turns.extend(servers.into_iter().map(|nth| turn(vec![nth], true)));
    turns.push(turn(with(&|role, drains| role == Role::Agent && !drains), false));
    turns.extend(
        with(&|role, drains| role == Role::Agent && drains).into_iter().map(|nth| turn(vec![nth], false)),
    );
    turns.retain(|turn| !turn.hosts.is_empty());
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_take_turns_and_agents_wait_for_them() {
        let hosts = [
            (Role::Agent, false),
            (Role::Server(1), true),
            (Role::Alone, false),
            (Role::Agent, true),
            (Role::Server(0), false),
            (Role::Agent, false),
            (Role::Agent, true),
            (Role::Alone, false),
        ];
        let turns: Vec<(Vec<usize>, bool)> =
            turns(&hosts).into_iter().map(|turn| (turn.hosts, turn.is_needed)).collect();
        let expected = [
            (vec![2, 7], false),
            (vec![4], true),
            (vec![1], true),
            (vec![0, 5], false),
            (vec![3], false),
            (vec![6], false),
        ];
        assert_eq!(turns, expected);
        assert_eq!(super::turns(&[]), []);
    }
}
