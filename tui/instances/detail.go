package instances

import (
	"fmt"
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// detail lists what is known about an instance, in groups.
func detail(r *row, now time.Time) []pane.Fact {
	if r.members != nil {
		return groupFacts(r)
	}
	i := &r.Instance
	facts := []pane.Fact{{Label: "status", Value: glyph(r.state) + " " + r.state.Word, Class: class(r.state)}}
	if r.state.Why != "" {
		facts = append(facts, pane.Fact{Value: r.state.Why, Class: theme.Dim})
	}
	if r.failed != "" {
		facts = append(facts, pane.Fact{Label: "not done", Value: r.failed, Class: theme.Bad})
	}
	if r.leftover {
		facts = append(facts, pane.Fact{Label: "left over", Value: leftBehind, Class: theme.Bad})
	}
	facts = append(facts, differences(r)...)
	if r.start.Instance != 0 {
		facts = append(facts, startFacts(r.start, now)...)
	}
	facts = append(facts, []pane.Fact{
		{Label: "message", Value: figure.Text(i.Status.String()), Class: theme.Dim},
		{},
		{Label: "name", Value: figure.Text(r.name), Class: theme.Strong},
		{Label: "GPU", Value: gpu(r) + ", " + figure.MiB(float64(i.GPURAM)) + " each"},
		{Label: "type", Value: kind(r)},
		{Label: "image", Value: figure.Text(i.Image.String())},
		{},
		{Label: "billed now", Value: figure.Rate(float64(pricing.Now(i))), Class: theme.Money},
		{Label: "running", Value: figure.Rate(float64(pricing.Running(i).Total())), Class: theme.Money},
		{Label: "stopped", Value: fmt.Sprintf("%s (%s a month for its disk)", figure.Rate(float64(pricing.Stopped(i))), figure.Amount(float64(pricing.Stopped(i).Month()))), Class: theme.Money},
	}...)
	if i.Bid {
		facts = append(facts, pane.Fact{Label: "bid", Value: fmt.Sprintf("%s, to beat %s", figure.Rate(float64(i.DphBase)), figure.Rate(float64(i.MinBid))), Class: theme.Money})
	}
	facts = append(facts,
		pane.Fact{},
		pane.Fact{Label: "disk", Value: figure.GB(float64(i.Disk)) + used(i)},
		pane.Fact{Label: "GPU load", Value: figure.Percent(i.GPUUtil) + temperature(i)},
		pane.Fact{Label: "created", Value: since(i.Start, now)},
		pane.Fact{Label: "ends", Value: until(i.End, now)},
		pane.Fact{},
		pane.Fact{Label: "machine", Value: i.MachineID.String() + ", host " + i.HostID.String()},
		pane.Fact{Label: "place", Value: figure.Text(strings.TrimLeft(i.Geolocation.String(), ", "))},
		pane.Fact{Label: "ssh", Value: ssh(i), Class: theme.Link},
		pane.Fact{Label: "ports", Value: ports(i)},
	)
	return facts
}

// differences are where it is not what was asked for, and what that costs.
func differences(r *row) []pane.Fact {
	var facts []pane.Fact
	for n, d := range r.wrong {
		label := ""
		if n == 0 {
			label = "not as asked"
		}
		facts = append(facts, pane.Fact{Label: label, Value: d.String(), Class: theme.Bad})
		if money := d.Money(); money != "" {
			facts = append(facts, pane.Fact{Value: money, Class: theme.Bad})
		}
	}
	return facts
}

func used(i *vastapi.Instance) string {
	if !vastapi.Known(i.DiskUsed) {
		return ""
	}
	return fmt.Sprintf(", %s used", figure.GB(float64(i.DiskUsed)))
}

func temperature(i *vastapi.Instance) string {
	if !vastapi.Known(i.GPUTemp) {
		return ""
	}
	return fmt.Sprintf(", %.0f °C", i.GPUTemp)
}

func since(t, now time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return figure.Span(now.Sub(t)) + " ago"
}

func until(t, now time.Time) string {
	if t.IsZero() {
		return "—"
	}
	if !t.After(now) {
		return "over: it cannot be started again and may be deleted"
	}
	return "in " + figure.Span(t.Sub(now))
}

// ssh is how to log in, or why that is not known.
func ssh(i *vastapi.Instance) string {
	if line := sshCommand(i); line != "" {
		return line
	}
	return "no address yet"
}

func ports(i *vastapi.Instance) string {
	var list []string
	for _, p := range i.Ports {
		list = append(list, fmt.Sprintf("%s → %d", p.Container, p.Host))
	}
	return figure.Text(strings.Join(list, ", "))
}
