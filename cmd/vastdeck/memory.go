package main

import (
	"strconv"

	"vastdeck/store"
	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// memoryFile keeps what the program remembers between runs in the state of a profile.
type memoryFile struct {
	file   *store.StateFile
	notice string
}

// openMemory reads the state in dir, the profile's folder.
func openMemory(dir string) *memoryFile {
	file, notice := store.OpenState(dir)
	return &memoryFile{file, notice}
}

// Load gives what was read, with every text inert.
func (m *memoryFile) Load() (feed.Memory, string) { return remembered(m.file.State()), m.notice }

// Save applies change to what is on the disk now.
func (m *memoryFile) Save(change func(*feed.Memory)) error {
	return m.file.Update(func(s *store.State) {
		memory := remembered(*s)
		change(&memory)
		*s = stateOf(memory)
	})
}

// maxRemembered is how long a text from the file may be, in runes.
const maxRemembered = 4 << 10

// harmless is a text of the file made harmless: anybody may have written it.
func harmless(s string) string { return safetext.Clean(s, maxRemembered) }

func remembered(s store.State) feed.Memory {
	m := feed.Memory{Query: harmless(s.Query), Workload: workloadOf(s.Workload)}
	m.LastView, _ = strconv.Atoi(s.LastView) // a name of an older version opens no view
	for name, t := range s.Tables {
		m.SetTable(harmless(name), feed.TableState{Columns: each(t.Columns, harmless), Widths: widthsOf(t.Widths), Sort: harmless(t.Sort), Desc: t.Reverse, Query: harmless(t.Query)})
	}
	for list, l := range s.Left {
		m.SetLeft(harmless(list), feed.Left{Account: harmless(l.Account), At: l.At, Marks: each(l.Marks, harmless), Cursor: harmless(l.Cursor)})
	}
	for subject, note := range s.Notes {
		if m.Notes == nil {
			m.Notes = map[string]string{}
		}
		m.Notes[harmless(subject)] = harmless(note)
	}
	m.Searches = each(s.Searches, func(x store.Search) feed.SavedSearch {
		return feed.SavedSearch{Name: harmless(x.Name), Query: harmless(x.Query), Kind: kindOf(x.Kind), Sort: harmless(x.Sort), Desc: x.Reverse}
	})
	m.Blocks = each(s.Blocks, func(x store.Block) feed.Block {
		return feed.Block{
			Machine: vastapi.MachineID(x.Machine), Host: vastapi.HostID(x.Host), Reason: harmless(x.Reason), Since: x.Since, Until: x.Until,
		}
	})
	m.Watches = each(s.Watches, func(x store.Watch) feed.Watch {
		return feed.Watch{
			Name: harmless(x.Name), Machine: vastapi.MachineID(x.Machine), Query: harmless(x.Query), Kind: kindOf(x.Kind), Added: x.Added,
		}
	})
	m.RentForms = each(s.RentForms, rentSpecOf)
	m.Tunnels = each(s.Tunnels, func(x store.Tunnel) feed.SavedTunnel {
		return feed.SavedTunnel{Name: harmless(x.Name), Bind: harmless(x.Bind), Local: x.Local, Host: harmless(x.Host), Remote: x.Remote, Keep: x.Keep}
	})
	m.Lines = each(s.Lines, harmless)
	m.SSHConfig, m.Month730 = s.SSHConfig, s.Month730
	return m
}

func rentSpecOf(x store.RentForm) feed.RentSpec {
	return feed.RentSpec{
		At: x.At, Image: harmless(x.Image), Template: harmless(x.Template), Disk: vastapi.GB(x.DiskGB), Name: harmless(x.Name),
		Kind: kindOf(x.Kind), RunType: harmless(x.RunType), Direct: x.Direct, EnvNames: each(x.EnvNames, harmless),
		Ports: each(x.Ports, harmless), GPU: harmless(x.GPU), NumGPUs: x.NumGPUs, Bid: vastapi.Rate(x.Bid), Machine: vastapi.MachineID(x.Machine),
	}
}

// kindOf is a rental type of the file; one that is not known is the usual one.
func kindOf(s string) vastapi.RentalType {
	switch k := vastapi.RentalType(s); k {
	case vastapi.OnDemand, vastapi.Interruptible, vastapi.Reserved:
		return k
	}
	return ""
}

// workloadOf is the workload of the file, or the default when there is none that makes sense.
func workloadOf(w store.Workload) feed.Workload {
	if w.DiskGB <= 0 || w.Hours <= 0 || w.InGB < 0 || w.OutGB < 0 {
		return feed.DefaultWorkload()
	}
	return feed.Workload{Disk: vastapi.GB(w.DiskGB), Hours: w.Hours, In: vastapi.GB(w.InGB), Out: vastapi.GB(w.OutGB)}
}

func stateOf(m feed.Memory) store.State {
	s := store.State{
		Query: m.Query, Notes: m.Notes,
	}
	if w := m.Workload; w != feed.DefaultWorkload() { // the default may be another one in a later version
		s.Workload = store.Workload{DiskGB: float64(w.Disk), Hours: w.Hours, InGB: float64(w.In), OutGB: float64(w.Out)}
	}
	if m.LastView > 0 {
		s.LastView = strconv.Itoa(m.LastView)
	}
	if len(m.Tables) > 0 {
		s.Tables = make(map[string]store.Table, len(m.Tables))
	}
	for name, t := range m.Tables {
		s.Tables[name] = store.Table{Columns: t.Columns, Widths: t.Widths, Sort: t.Sort, Reverse: t.Desc, Query: t.Query}
	}
	if len(m.Left) > 0 {
		s.Left = make(map[string]store.Left, len(m.Left))
	}
	for list, l := range m.Left {
		s.Left[list] = store.Left(l)
	}
	s.Searches = each(m.Searches, func(x feed.SavedSearch) store.Search {
		return store.Search{Name: x.Name, Query: x.Query, Kind: string(x.Kind), Sort: x.Sort, Reverse: x.Desc}
	})
	s.Blocks = each(m.Blocks, func(x feed.Block) store.Block {
		return store.Block{Machine: int64(x.Machine), Host: int64(x.Host), Reason: x.Reason, Since: x.Since, Until: x.Until}
	})
	s.Watches = each(m.Watches, func(x feed.Watch) store.Watch {
		return store.Watch{Name: x.Name, Machine: int64(x.Machine), Query: x.Query, Kind: string(x.Kind), Added: x.Added}
	})
	s.RentForms = each(m.RentForms, func(x feed.RentSpec) store.RentForm {
		return store.RentForm{
			At: x.At, Image: x.Image, Template: x.Template, DiskGB: float64(x.Disk), Name: x.Name, Kind: string(x.Kind),
			RunType: x.RunType, Direct: x.Direct, EnvNames: x.EnvNames, Ports: x.Ports, GPU: x.GPU, NumGPUs: x.NumGPUs,
			Bid: float64(x.Bid), Machine: int64(x.Machine),
		}
	})
	s.Tunnels = each(m.Tunnels, func(x feed.SavedTunnel) store.Tunnel {
		return store.Tunnel{Name: x.Name, Bind: x.Bind, Local: x.Local, Host: x.Host, Remote: x.Remote, Keep: x.Keep}
	})
	s.Lines = m.Lines
	s.SSHConfig, s.Month730 = m.SSHConfig, m.Month730
	return s
}

// each turns a list into another one; of nothing it makes nothing.
func each[A, B any](list []A, turn func(A) B) []B {
	if len(list) == 0 {
		return nil
	}
	out := make([]B, len(list))
	for n, one := range list {
		out[n] = turn(one)
	}
	return out
}

// widthsOf are widths of columns with inert names.
func widthsOf(list map[string]int) map[string]int {
	var out map[string]int
	for name, w := range list {
		if out == nil {
			out = make(map[string]int, len(list))
		}
		out[harmless(name)] = w
	}
	return out
}
