package rental

import (
	"fmt"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// rentFacts says what is rented, where, how it starts and what it costs. Texts
// from outside and from the form are quoted and never stand beside a price.
func rentFacts(o *vastapi.Offer, opt RentOptions, n needs, price pricing.Breakdown, d Desk) []Line {
	facts := machineFacts(o, d)
	facts = append(facts, containerFacts(o, opt, n)...)
	facts = append(facts, Line{"type", rentalType(opt)}, Line{"ends", ends(o)})
	return append(facts, moneyFacts(o, opt, price, d)...)
}

func machineFacts(o *vastapi.Offer, d Desk) []Line {
	facts := []Line{
		{"offer", o.ID.String()},
		{"machine", fmt.Sprintf("%d of host %d", o.MachineID, o.HostID)},
		{"place", quoted(o.Geolocation)},
		{"GPU", fmt.Sprintf("%d× %s, %s each", o.NumGPUs, quoted(o.GPUName), vram(o.GPURAM))},
		{"verified", verified(o)},
		{"reliability", percent(o.Reliability)},
		{"CUDA", decimal(o.CUDA)},
	}
	if record := d.hosts().Record(o.MachineID, o.HostID); record != "" {
		facts = append(facts, Line{"host record", safetext.Clean(record, safetext.MaxRunes)})
	}
	return facts
}

// containerFacts says what is started on the machine.
func containerFacts(o *vastapi.Offer, opt RentOptions, n needs) []Line {
	facts := []Line{{"disk", gb(opt.Disk)}, {"image", imageWords(opt, n)}}
	facts = append(facts, templateFacts(opt)...)
	facts = append(facts, Line{"name", namedOrNone(opt.Name)}, Line{"run type", runTypeWords(opt, n)})
	if ports := portWords(o, n); ports != "" {
		facts = append(facts, Line{"ports", ports})
	}
	facts = append(facts, envFacts(opt)...)
	facts = append(facts, scriptFacts(opt, n)...)
	if opt.User != "" {
		facts = append(facts, Line{"docker user", inert(opt.User)})
	}
	if opt.Login.Given() {
		facts = append(facts, Line{"registry", inert(opt.Login.Registry) + " as " + inert(opt.Login.User) + ", password masked"})
	}
	return append(facts, volumeFacts(opt)...)
}

// maxImageShown leaves room for a registry, a path and a digest's beginning.
const maxImageShown = 80

func imageWords(opt RentOptions, n needs) string {
	if opt.Image == "" {
		return safetext.Quote(n.image, maxImageShown) + ", the template's"
	}
	return safetext.Quote(opt.Image, maxImageShown)
}

func templateFacts(opt RentOptions) []Line {
	t := &opt.Template
	if t.Hash == "" {
		return nil
	}
	name := "unnamed"
	if !t.Name.Empty() {
		name = quoted(t.Name)
	}
	facts := []Line{{"template", name + ", " + safetext.Clean(t.Hash, maxQuoted)}}
	for _, v := range opt.Overrides() {
		facts = append(facts, Line{"override", v.Field + ": " + v.Is + ", the template has " + v.Was})
	}
	return facts
}

func namedOrNone(name string) string {
	if name == "" {
		return "none"
	}
	return safetext.Quote(name, maxQuoted)
}

// runTypeWords is the run type as it is sent and in words.
func runTypeWords(opt RentOptions, n needs) string {
	sent, _ := opt.RunType() // valid options have one
	if sent == "" {
		if n.run == "" {
			return "the template decides"
		}
		return "the template's, " + n.run.String() + ": " + n.run.Words()
	}
	words := sent.String() + ": " + sent.Words()
	if opt.Launch.JupyterLab {
		words += ", JupyterLab"
	}
	if opt.Launch.JupyterDir != "" {
		words += ", in " + inert(opt.Launch.JupyterDir)
	}
	return words
}

// portWords lists the ports and what the machine has; "" when none are opened.
func portWords(o *vastapi.Offer, n needs) string {
	var parts []string
	for _, p := range n.asked {
		parts = append(parts, p.String())
	}
	const few = 8
	if more := len(parts) - few; more > 0 {
		parts = append(parts[:few], fmt.Sprintf("%d more", more))
	}
	if len(n.own) > 0 {
		parts = append(parts, strings.Join(n.own, " and ")+" of the run type")
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ", ") + "; " + portsOf(o)
}

func portsOf(o *vastapi.Offer) string {
	if o.DirectPorts < 0 {
		return "how many the machine has is not known"
	}
	if o.DirectPorts == 0 {
		return "the machine has none of its own"
	}
	return fmt.Sprintf("the machine has %d", o.DirectPorts)
}

// envFacts names what is set, never the values.
func envFacts(opt RentOptions) []Line {
	var facts []Line
	if names := opt.Env.Names(); len(names) > 0 {
		facts = append(facts, Line{"variables", strings.Join(names, ", ") + "; values masked"})
	}
	var others []string
	for _, flag := range opt.Env.Flags() {
		if !strings.HasPrefix(flag, "-p ") {
			others = append(others, flag)
		}
	}
	if len(others) > 0 {
		facts = append(facts, Line{"docker flags", strings.Join(others, " ")})
	}
	return facts
}

// The start script is shown line by line, as far as it fits.
const (
	maxScriptLines = 12
	maxScriptLine  = 100
)

func scriptFacts(opt RentOptions, n needs) []Line {
	var facts []Line
	if args := opt.Launch.SentArgs(); args != nil {
		facts = append(facts, Line{"arguments", safetext.Quote(QuoteWords(args), maxScriptLine)})
	}
	if opt.Entrypoint != "" {
		facts = append(facts, Line{"entrypoint", safetext.Quote(opt.Entrypoint, maxScriptLine)})
	}
	script, whose := opt.OnStart, ""
	if script == "" {
		script, whose = opt.Template.OnStart.Wire(), ", the template's"
	}
	if script == "" || n.run.Args() {
		return facts
	}
	lines := strings.Split(strings.TrimRight(script, "\n"), "\n")
	facts = append(facts, Line{"start script", scriptWords(script) + whose + "; runs after every start"})
	for at, line := range lines {
		if at == maxScriptLines {
			facts = append(facts, Line{"", fmt.Sprintf("and %s", counted(len(lines)-at, "more line"))})
			break
		}
		facts = append(facts, Line{"", safetext.Quote(line, maxScriptLine)})
	}
	return facts
}

func volumeFacts(opt RentOptions) []Line {
	v := opt.Volume
	switch {
	case v.Link != 0:
		return []Line{{"volume", fmt.Sprintf("V.%d at %s", v.Link, inert(v.Mount))}}
	case v.Create != 0:
		name := ""
		if v.Name != "" {
			name = " " + inert(v.Name)
		}
		return []Line{{"volume", fmt.Sprintf("a new one%s of %s at %s, on this machine for good", name, gb(v.size()), inert(v.Mount))}}
	}
	return nil
}

func rentalType(opt RentOptions) string {
	switch opt.RentalType() {
	case vastapi.Interruptible:
		return "interruptible: a higher bid stops it at any moment"
	case vastapi.Reserved:
		return "reserved, in two steps: rented on demand, then paid ahead, which lowers its price"
	}
	return "on-demand: it is yours until you destroy it"
}

// ends says how long the host offers the machine for.
func ends(o *vastapi.Offer) string {
	var parts []string
	if !o.EndDate.IsZero() {
		parts = append(parts, "on "+o.EndDate.UTC().Format("2006-01-02"))
	}
	if o.Duration >= 0 && (o.Duration > 0 || !o.EndDate.IsZero()) {
		parts = append(parts, "in "+span(o.Duration))
	}
	if len(parts) == 0 {
		return "not known"
	}
	return strings.Join(parts, ", ")
}

func moneyFacts(o *vastapi.Offer, opt RentOptions, price pricing.Breakdown, d Desk) []Line {
	total := price.Total() + opt.Volume.Rate()
	facts := []Line{
		{"GPU price", pricing.Shown(price.GPU)},
		{"disk price", pricing.Shown(price.Disk) + ", " + monthly(price.Disk) + ", stopped too"},
	}
	if r := opt.Volume.Rate(); r > 0 {
		facts = append(facts, Line{"volume price", pricing.Shown(r) + ", " + monthly(r) + ", until the volume is deleted"})
	}
	facts = append(facts, Line{"all in", pricing.Shown(total) + ", " + pricing.Money(total.Day()) + " a day"})
	if opt.RentalType() == vastapi.Reserved {
		facts = append(facts, Line{"paid ahead", pricing.Money(opt.Prepay) + " at once, " + reservedWords(o)})
	}
	facts = append(facts, Line{"traffic", perGB(o.InetDownCost) + " in, " + perGB(o.InetUpCost) + " out"})
	if d.Hours > 0 {
		facts = append(facts, Line{"your job", jobWords(o, total, d)})
	}
	return facts
}

// reservedWords names the price that the marketplace shows for a reservation.
func reservedWords(o *vastapi.Offer) string {
	if !(o.DiscountedDphTotal > 0) {
		return "the price then is not told before"
	}
	return "the marketplace names " + pricing.Shown(o.DiscountedDphTotal) + " for a full reservation"
}

// jobWords is what the user's job comes to, traffic included.
func jobWords(o *vastapi.Offer, total vastapi.Rate, d Desk) string {
	cost := vastapi.Amount(float64(total) * d.Hours)
	if d.In > 0 {
		cost += o.InetDownCost.Cost(d.In)
	}
	if d.Out > 0 {
		cost += o.InetUpCost.Cost(d.Out)
	}
	return fmt.Sprintf("%s for %s h with %s in and %s out", pricing.Money(cost), trimmed(d.Hours), gb(d.In), gb(d.Out))
}

func verified(o *vastapi.Offer) string {
	switch v := o.Verification.String(); {
	case o.Verified():
		return "yes"
	case v == "":
		return "not known"
	case v == "deverified":
		return "no, it lost its verification"
	}
	return "no"
}

func vram(m vastapi.MiB) string {
	if !vastapi.Known(m) {
		return "? GB"
	}
	return fmt.Sprintf("%.0f GB", float64(m)/1024)
}
