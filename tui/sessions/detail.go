package sessions

import (
	"fmt"
	"strconv"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

func heading(r *row) string {
	switch r.kind {
	case connection:
		return "Connection to instance " + r.id.String()
	case tunnel:
		return "Tunnel from " + r.local
	case saved:
		return "Saved tunnel from " + r.local
	}
	if r.copy.Plan.Up {
		return "Upload to instance " + r.id.String()
	}
	return "Download from instance " + r.id.String()
}

// detailOf lists all that is known about a row.
func (m *Model) detailOf(env view.Env, r *row) []pane.Fact {
	facts := []pane.Fact{{Label: "state", Value: r.glyph + " " + r.word, Class: r.class}}
	if r.why != "" {
		facts = append(facts, pane.Fact{Value: r.why})
	}
	switch r.kind {
	case connection:
		facts = append(facts, sessionFacts(r)...)
	case tunnel:
		facts = append(facts, tunnelFacts(r)...)
	case saved:
		facts = append(facts, forwardFacts(r.forward)...)
	case transfer:
		facts = append(facts, copyFacts(env, r)...)
	}
	return append(append(facts, pane.Fact{}), m.instanceFacts(env, r)...)
}

func sessionFacts(r *row) []pane.Fact {
	facts := []pane.Fact{
		{Label: "what it is", Value: "a connection that shells, tunnels and copies to this instance share, so that the next one is there at once"},
		{Label: "leads to", Value: endpointText(r.session.Endpoint), Class: theme.Link},
		{Label: "since", Value: clock(r.since)},
	}
	if r.session.PID > 0 {
		facts = append(facts, pane.Fact{Label: "process", Value: strconv.Itoa(r.session.PID), Class: theme.Dim})
	}
	return facts
}

func endpointText(e remote.Endpoint) string {
	if !e.Given() {
		return "not known"
	}
	return e.Way.String() + " " + safetext.Clean(e.Address(), 120)
}

func forwardFacts(f remote.Forward) []pane.Fact {
	facts := []pane.Fact{
		{Label: "here", Value: localText(f), Class: theme.Link},
		{Label: "there", Value: remoteText(f) + portMeaning(f.Remote)},
	}
	if f.Bind != "" && !local(f.Bind) {
		facts = append(facts, pane.Fact{Label: "open to", Value: "everybody who can reach " + safetext.Clean(f.Bind, 60) + ", not this machine alone", Class: theme.Warn})
	}
	keep := "it ends with the program"
	if f.Keep {
		keep = "it goes on after the program has ended"
	}
	return append(facts, pane.Fact{Label: "after quit", Value: keep})
}

func tunnelFacts(r *row) []pane.Fact {
	t := r.tunnel
	facts := append(forwardFacts(t.Forward),
		pane.Fact{Label: "by way of", Value: endpointText(t.Endpoint)},
		pane.Fact{Label: "since", Value: clock(t.Since)},
	)
	if t.Tries > 0 {
		facts = append(facts, pane.Fact{Label: "failed tries", Value: strconv.Itoa(t.Tries), Class: theme.Warn})
	}
	if !t.Next.IsZero() && t.State == remote.TunnelWaiting {
		facts = append(facts, pane.Fact{Label: "next try", Value: clock(t.Next)})
	}
	return facts
}

func copyFacts(env view.Env, r *row) []pane.Fact {
	c := r.copy
	from, to := safetext.Clean(c.Plan.Local, 400)+", on this machine", safetext.Clean(c.Plan.Remote, 400)+", in the instance"
	if !c.Plan.Up {
		from, to = to, from
	}
	facts := []pane.Fact{
		{Label: "from", Value: from}, {Label: "to", Value: to},
		{Label: "with", Value: figure.Text(safetext.Clean(c.Progress.Tool, 20))},
		{Label: "copied", Value: amountCopied(c.Progress)},
		{Label: "begun", Value: clock(c.Started)},
	}
	if !c.Ended.IsZero() {
		facts = append(facts, pane.Fact{Label: "ended", Value: clock(c.Ended)})
	}
	if i, there := env.Data.Instance(r.id); there {
		facts = append(facts, pane.Fact{Label: "traffic", Value: trafficText(&i, c.Plan.Up, c.Progress.Done), Class: theme.Money})
	}
	return facts
}

func amountCopied(p remote.CopyProgress) string {
	if p.Total > 0 {
		return size(p.Done) + " of " + size(p.Total)
	}
	return size(p.Done)
}

// instanceFacts are what is known of the instance behind a row, and by which way
// it is reached.
func (m *Model) instanceFacts(env view.Env, r *row) []pane.Fact {
	i, there := env.Data.Instance(r.id)
	if !there {
		why := "it is not among the instances of the account"
		if r.id == 0 {
			why = "no instance is called " + strconv.Quote(r.name) + " now"
		}
		return []pane.Fact{{Label: "instance", Value: why, Class: theme.Warn}}
	}
	facts := []pane.Fact{
		{Label: "instance", Value: i.ID.String()},
		{Label: "status", Value: env.Data.Traced(i.ID).State(&i).Word},
		{Label: "way", Value: wayText(m.ways[i.ID])},
	}
	if i.NumGPUs > 0 {
		facts = append(facts, pane.Fact{Label: "GPU", Value: fmt.Sprintf("%d× %s", i.NumGPUs, i.GPUName)})
	}
	if r.name != "" {
		facts = append(facts, pane.Fact{Label: "name", Value: r.name, Class: theme.Strong})
	}
	return facts
}

// wayText says how an instance is reached.
func wayText(w remote.Way) string {
	switch w {
	case remote.Direct:
		return "direct only: the machine's own port (w changes it)"
	case remote.Proxy:
		return "proxy only: the provider's ssh proxy (w changes it)"
	}
	return "auto: direct when it answers within " + remote.ProbeLimit.String() + ", else the proxy (w changes it)"
}
