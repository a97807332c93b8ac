package command

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// ReportsLast is how long reports about a machine are not asked for again.
const ReportsLast = 10 * time.Minute

// ever is longer than any run: what is asked for once.
const ever = 1 << 62

// recent remembers when facts were read that change seldom. Commands write it
// when an answer is there, hence the lock of the Set.
type recent map[Topic]time.Time

// fresh reports whether topic is under way or was read less than d ago.
func (s *Set) fresh(topic Topic, d time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, told := s.recent[topic]
	return s.Busy(topic) || told && time.Since(at) < d
}

// note remembers that the facts of an answer were read with the client of now.
func (s *Set) note(api API) func(Answer) {
	return func(a Answer) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if a.Err == nil && s.recentOf == api {
			s.recent[a.Topic] = a.At
		}
	}
}

// forget makes everything be asked for again, from another client.
func (s *Set) forget(api API) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recent, s.recentOf = recent{}, api
}

// ReportsRead answers LoadReports.
type ReportsRead struct {
	Answer
	Machine vastapi.MachineID
	Reports []vastapi.Report // the latest first
}

// Fold keeps the reports about the machine.
func (m ReportsRead) Fold(s *feed.Snapshot) { s.SetReports(m.Machine, m.Reports, m.At, m.Err) }

// LoadReports asks what renters have reported about a machine. It is nil while
// the last answer is less than ReportsLast old or on its way.
func (l Loads) LoadReports(id vastapi.MachineID) tea.Cmd {
	topic := Topic("reports/" + id.String())
	if l.closed() || l.s.fresh(topic, ReportsLast) {
		return nil
	}
	api := l.s.api
	note := l.s.note(api)
	return Run(l.s.Runner, topic,
		func(ctx context.Context) ([]vastapi.Report, error) { return api.MachineReports(ctx, id) },
		func(a Answer, r []vastapi.Report) tea.Msg {
			note(a)
			return ReportsRead{Answer: a, Machine: id, Reports: r}
		})
}

// OfferRawRead answers LoadOfferRaw.
type OfferRawRead struct {
	Answer
	Offer vastapi.OfferID
	Lines *safetext.Lines // nil with an error
}

// LoadOfferRaw asks for an offer as the server gives it now, one field a line. It
// costs a search.
func (l Loads) LoadOfferRaw(id vastapi.OfferID, kind vastapi.RentalType, disk vastapi.GB) tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, Topic("raw/"+id.String()),
		func(ctx context.Context) (*safetext.Lines, error) {
			return api.OfferRaw(vastapi.WithPriority(ctx, vastapi.PriorityTyped), id, kind, disk)
		},
		func(a Answer, lines *safetext.Lines) tea.Msg {
			return OfferRawRead{Answer: a, Offer: id, Lines: lines}
		})
}

// GPUNamesRead answers LoadGPUNames.
type GPUNamesRead struct {
	Answer
	Names []safetext.Text
}

// Fold keeps the names.
func (m GPUNamesRead) Fold(s *feed.Snapshot) { s.GPUNames.Apply(m.Names, m.At, m.Err) }

// LoadGPUNames asks for the names of all GPU models. It is nil once they were
// told, and while they are on their way: they change about once a month.
func (l Loads) LoadGPUNames() tea.Cmd {
	const topic Topic = "gpus"
	if l.closed() || l.s.fresh(topic, ever) {
		return nil
	}
	api := l.s.api
	note := l.s.note(api)
	return Run(l.s.Runner, topic, api.GPUNames, func(a Answer, names []safetext.Text) tea.Msg {
		note(a)
		return GPUNamesRead{a, names}
	})
}

// TemplatesRead answers LoadTemplates.
type TemplatesRead struct {
	Answer
	List feed.TemplateList
}

// Fold keeps the templates of the newest query.
func (m TemplatesRead) Fold(s *feed.Snapshot) { s.Templates.Apply(m.List, m.At, m.Err) }

// LoadTemplates asks for the templates that match.
func (l Loads) LoadTemplates(q vastapi.TemplateQuery) tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, "templates",
		func(ctx context.Context) ([]vastapi.Template, error) { return api.Templates(ctx, q) },
		func(a Answer, list []vastapi.Template) tea.Msg {
			return TemplatesRead{a, feed.TemplateList{Query: q, Templates: list}}
		})
}

// SSHKeysRead answers LoadSSHKeys.
type SSHKeysRead struct {
	Answer
	Keys []vastapi.SSHKey
}

// Fold keeps the keys.
func (m SSHKeysRead) Fold(s *feed.Snapshot) { s.SSHKeys.Apply(m.Keys, m.At, m.Err) }

// LoadSSHKeys asks for the account's public keys, which every new instance gets.
// It is nil while there is no account, as the other commands of this file are.
func (l Loads) LoadSSHKeys() tea.Cmd {
	if l.closed() {
		return nil
	}
	return Run(l.s.Runner, "sshkeys", l.s.api.SSHKeys,
		func(a Answer, keys []vastapi.SSHKey) tea.Msg { return SSHKeysRead{a, keys} })
}
