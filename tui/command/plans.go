package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// PlanProgressed tells how far a plan has come. Next waits for the one after it.
type PlanProgressed struct {
	Plan     string
	Progress rental.Progress
	Next     tea.Cmd
}

// PlanExecuted answers Execute.
type PlanExecuted struct {
	Answer
	Report rental.Report
}

// Execute carries a plan out, in a context that neither a newer request nor
// leaving the view can end. Only the root has this command.
func (s *Set) Execute(p rental.Plan) tea.Cmd {
	steps := make(chan rental.Progress, 64)
	deps := s.deps()
	deps.Halt = s.haltOf(p.ID)
	run := Run(s.Runner, planTopic(p.ID), func(context.Context) (rental.Report, error) {
		defer close(steps)
		if !s.enter() {
			return rental.Report{}, context.Canceled
		}
		defer s.leave()
		r := rental.Execute(s.stop, deps, p, func(g rental.Progress) {
			select {
			case steps <- g:
			default: // a list that is behind skips a line; the report tells all
			}
		})
		return r, r.Err
	}, func(a Answer, r rental.Report) tea.Msg {
		if r.Plan.ID == "" {
			r = broken(p, a.Err)
		}
		return PlanExecuted{a, r}
	})
	return tea.Batch(run, listen(p.ID, steps))
}

// haltOf makes what ends a plan gently once it is closed. What belongs to plans
// that have ended is forgotten.
func (s *Set) haltOf(plan string) <-chan struct{} {
	for id := range s.halts {
		if !s.Busy(planTopic(id)) {
			delete(s.halts, id)
		}
	}
	if s.halts == nil {
		s.halts = map[string]chan struct{}{}
	}
	halt := make(chan struct{})
	s.halts[plan] = halt
	return halt
}

// Halt keeps a plan that is being carried out from sending anything new. What is
// in flight is finished and looked for; the report comes as always.
func (s *Set) Halt(plan string) {
	if halt, ok := s.halts[plan]; ok {
		close(halt)
		delete(s.halts, plan)
	}
}

// BaseURL is where requests go, e.g. https://console.vast.ai.
func (s *Set) BaseURL() string {
	if c, ok := s.api.(interface{ BaseURL() string }); ok {
		return c.BaseURL()
	}
	return vastapi.DefaultBaseURL
}

// broken is the report of a plan whose execution came to no end of its own:
// what has been sent is not known here, only in the journal.
func broken(p rental.Plan, err error) rental.Report {
	r := rental.Report{Plan: p, Err: err}
	for n, s := range p.Steps {
		r.Unknown = append(r.Unknown, rental.StepResult{
			Index: n, Step: s, Err: err,
			Why: "Look at " + s.Place().Words() + " before you try again; the next start of this program looks for it too.",
		})
	}
	return r
}

const planPrefix = "plan/"

func planTopic(id string) Topic { return Topic(planPrefix + id) }

func listen(plan string, steps <-chan rental.Progress) tea.Cmd {
	return func() tea.Msg {
		g, ok := <-steps
		if !ok {
			return nil
		}
		return PlanProgressed{Plan: plan, Progress: g, Next: listen(plan, steps)}
	}
}

// Settled tells what became of an operation that an earlier run left open.
type Settled struct {
	rental.Settled
	Next tea.Cmd
}

// Recovered answers Recover: everything that was left open is settled, or could not be.
type Recovered struct {
	Answer
	Open int // operations that are still not known
}

// Recover finds out by reading what an earlier run left open in the journal.
// It may take minutes: that a rent did not happen is believed only after a while.
func (s *Set) Recover() tea.Cmd {
	found := make(chan rental.Settled, 64)
	deps := s.deps()
	run := Run(s.Runner, "recover", func(ctx context.Context) ([]rental.Settled, error) {
		defer close(found)
		return tended(deps.Journal, func() ([]rental.Settled, error) {
			return rental.Recover(ctx, deps, func(one rental.Settled) {
				select {
				case found <- one:
				default: // more than anybody would read; the count at the end tells
				}
			})
		})
	}, func(a Answer, list []rental.Settled) tea.Msg {
		open := 0
		for _, one := range list {
			if one.State == rental.OpUnknown {
				open++
			}
		}
		return Recovered{a, open}
	})
	return tea.Batch(run, hear(found))
}

func hear(found <-chan rental.Settled) tea.Cmd {
	return func() tea.Msg {
		one, ok := <-found
		if !ok {
			return nil
		}
		return Settled{one, hear(found)}
	}
}

// JournalRead answers ReadJournal.
type JournalRead struct {
	Answer
	feed.Journal
}

// Fold keeps what the journals tell.
func (m JournalRead) Fold(s *feed.Snapshot) {
	s.Journal.Apply(m.Journal, m.At, m.Err)
}

// ReadJournal reads what all processes on this machine have begun and not settled.
func (s *Set) ReadJournal() tea.Cmd {
	journal, account := s.cfg.Journal, s.account
	return Run(s.Runner, Journal, func(context.Context) (feed.Journal, error) {
		ops, err := rental.Open(journal)
		return feed.JournalOf(ops, account), err
	}, func(a Answer, j feed.Journal) tea.Msg { return JournalRead{a, j} })
}

// LoadJournal reads the journals anew: other processes of this machine, such as verbs in a
// shell, write theirs without telling anybody. It is nil where there is none, and until the account is
// known.
func (l Loads) LoadJournal() tea.Cmd {
	if l.closed() || l.s.cfg.Journal == nil || l.s.account == "" || l.s.Busy(Journal) {
		return nil
	}
	return l.s.ReadJournal()
}

func (s *Set) deps() rental.Deps {
	return rental.Deps{API: s.api, Read: s.api, Journal: s.cfg.Journal, Policy: s.cfg.Policy, Account: s.account}
}
