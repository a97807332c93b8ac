package rental

import (
	"fmt"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// What is worth a warning.
const (
	endsSoon         = 7 * 24 * time.Hour
	lowCredit        = 24 * time.Hour
	longRun          = 24 * time.Hour
	lowReliability   = 0.95
	dearDisk         = vastapi.Amount(10) // a month
	dearTraffic      = vastapi.PerGB(0.02)
	bytesUsedMatters = vastapi.GB(1)
)

// warnings collects what has to be read before agreeing.
type warnings []Warning

func (w *warnings) add(when bool, level Level, format string, args ...any) {
	if when {
		*w = append(*w, Warning{level, sentence(fmt.Sprintf(format, args...))})
	}
}

func rentWarnings(o *vastapi.Offer, opt RentOptions, n needs, price pricing.Breakdown, d Desk) []Warning {
	var w warnings
	w.kind(o, opt)
	w.host(o, d)
	w.duration(o, d)
	w.container(o, opt, n, d)
	w.add(price.Disk.Month() >= dearDisk, Caution,
		"a disk of %s costs %s, also while stopped, until the instance is destroyed", gb(opt.Disk), monthly(price.Disk))
	w.add(float64(opt.Disk) > nearlyAll*float64(o.DiskSpace), Note,
		"the disk takes %s of the %s on offer: the machine may give less", gb(opt.Disk), used(o.DiskSpace))
	if r := opt.Volume.Rate(); r > 0 {
		w.add(true, Caution, "the new volume of %s costs %s until it is deleted, also when the instance is destroyed", gb(opt.Volume.size()), monthly(r))
	}
	w.add(o.InetDownCost >= dearTraffic || o.InetUpCost >= dearTraffic, Caution,
		"traffic is dear: %s in, %s out", perGB(o.InetDownCost), perGB(o.InetUpCost))
	w.untold(o)
	w.credit(price.Total()+opt.Volume.Rate(), d.afterPaying(opt.Prepay))
	return w
}

// kind warns of what comes with a rental type.
func (w *warnings) kind(o *vastapi.Offer, opt RentOptions) {
	if opt.Bid != nil {
		bid := *opt.Bid
		w.add(true, Caution, "interruptible: it is stopped when somebody bids more than %s or rents the machine on-demand; its disk is billed on, and it resumes by itself", pricing.Shown(bid))
		w.add(pricing.AtRisk(bid, o.MinBid), Caution, "the bid is %.0f%% above the lowest that runs now, %s: it will be AT RISK; from %s on it is WINNING",
			100*pricing.Margin(bid, o.MinBid), pricing.ShownEnough(o.MinBid), pricing.Shown(pricing.Safe(o.MinBid)))
		w.add(opt.Volume.Link == 0 && opt.Volume.Create == 0, Note, "no volume is chosen: save checkpoints to one or elsewhere, an outbid instance's disk cannot be read")
	}
	w.add(opt.RentalType() == vastapi.Reserved, Caution,
		"%s is taken from the credit at once; destroyed early, what is left of it comes back less the discount received and 5%% of that; if the second step fails, the instance runs at %s until it is paid ahead or destroyed",
		pricing.Money(opt.Prepay), pricing.Shown(pricing.Offer(o, opt.Disk).Total()))
}

// host warns of the machine and whose it is.
func (w *warnings) host(o *vastapi.Offer, d Desk) {
	if why, blocked := d.hosts().Blocked(o.MachineID, o.HostID); blocked {
		reason := ""
		if why != "" {
			reason = ": " + safetext.Quote(why, maxImageShown)
		}
		w.add(true, Danger, "machine %d of host %d is on your block list%s", o.MachineID, o.HostID, reason)
	}
	deverified := o.Verification.String() == "deverified"
	w.add(deverified, Danger, "the machine has lost its verification")
	w.add(!o.Verified() && !deverified, Caution, "the machine is not verified")
	w.add(o.Reliability < lowReliability, Caution, "reliability is %s", percent(o.Reliability))
}

// duration warns of an offer that ends too early.
func (w *warnings) duration(o *vastapi.Offer, d Desk) {
	known := o.Duration >= 0 && !o.EndDate.IsZero()
	short := known && d.Hours > 0 && o.Duration.Hours() < d.Hours
	w.add(short, Danger, "the offer ends in %s, before your job of %s h is done; the instance is stopped for good then", span(o.Duration), trimmed(d.Hours))
	w.add(known && !short && o.Duration < endsSoon, Caution,
		"the offer ends in %s; the instance is stopped for good then", span(o.Duration))
}

// container warns of what will not work as it is asked for.
func (w *warnings) container(o *vastapi.Offer, opt RentOptions, n needs, d Desk) {
	w.add(n.run.SSH() && d.SSHKey.No(), Danger,
		"the account has no ssh key, so you cannot log in: add one to the account before you rent")
	w.add(n.shortOfPorts(o), Caution, "%s wanted, the machine has %d of its own: some will not be reachable", portsAre(n.ports), o.DirectPorts)
	w.add(n.newerCUDA(o), Danger, "the image wants CUDA %.1f, the machine supports up to %.1f: the container may not start", n.cuda, o.CUDA)
	if image, err := ParseImage(n.image); err == nil {
		w.add(image.Tag == "" && image.Digest == "", Note, "the image has no tag, so whatever is latest is taken")
	}
	if secrets := secretsOf(opt); len(secrets) > 0 {
		w.add(true, Note, "the owner of the machine can read what is handed to it: %s; use what can be withdrawn", strings.Join(secrets, ", "))
	}
	w.add(n.unread, Caution, "the template's environment is not understood here: its ports and variables are set all the same, but not counted above")
	script := opt.OnStart != "" || opt.Template.Hash != "" && !opt.Template.OnStart.Empty()
	w.add(script && !n.run.Args(), Note, "the start script runs again after every start: it has to stand that")
}

func portsAre(n int) string {
	if n == 1 {
		return "1 port is"
	}
	return fmt.Sprintf("%d ports are", n)
}

// secretsOf names what is likely to be secret.
func secretsOf(opt RentOptions) []string {
	names := opt.Env.Secrets()
	if opt.Login.Given() {
		names = append(names, "the registry login")
	}
	return names
}

// untold names the figures that the offer leaves open.
func (w *warnings) untold(o *vastapi.Offer) {
	var names []string
	for _, f := range []struct {
		name  string
		known bool
	}{
		{"reliability", vastapi.Known(o.Reliability)},
		{"verification", !o.Verification.Empty()},
		{"the end", o.Duration >= 0},
		{"the price of traffic in", vastapi.Known(o.InetDownCost)},
		{"the price of traffic out", vastapi.Known(o.InetUpCost)},
		{"CUDA", vastapi.Known(o.CUDA)},
	} {
		if !f.known {
			names = append(names, f.name)
		}
	}
	w.add(len(names) > 0, Caution, "the offer does not tell %s", strings.Join(names, ", "))
}

// credit warns when the money will not last.
func (w *warnings) credit(rate vastapi.Rate, d Desk) {
	s := pricing.SpanOf(d.Credit, d.Before()+rate)
	w.add(d.Credit <= 0, Danger, "there is no credit: %s", pricing.Money(d.Credit))
	w.add(d.Credit > 0 && s.Finite && s.Lasts < lowCredit, Danger,
		"credit of %s lasts %s then; at 0 everything is stopped", pricing.Money(d.Credit), span(s.Lasts))
	w.add(!vastapi.Known(d.Credit), Caution, "the credit is not known")
	w.uncertain(d)
}

// uncertain says what the figures before and after do not rest on.
func (w *warnings) uncertain(d Desk) {
	w.add(d.Burn.Unsure > 0, Caution, "the rate of %s is not known", counted(d.Burn.Unsure, "contract"))
	w.add(d.Burn.Unsure == 0 && !vastapi.Known(d.Burn.Committed), Caution, "what the account is billed is not known")
	w.add(d.OpenRate > 0, Caution, "operations without a clear answer may cost up to %s more; that is counted in", pricing.Shown(d.OpenRate))
	w.add(!vastapi.Known(d.OpenRate), Caution, "what operations without a clear answer may cost is not known")
}
