package rental

import (
	"fmt"

	"vastdeck/vastapi"
)

// rentChecks are the checks of a rent beside the caps: each passes, warns, or
// fails and has its figure typed.
func rentChecks(o *vastapi.Offer, opt RentOptions, n needs, d Desk) []Check {
	return []Check{
		hostCheck(o, d), sshCheck(n, d), portCheck(o, n), cudaCheck(o, n), diskCheck(o, opt), durationCheck(o, d),
	}
}

func hostCheck(o *vastapi.Offer, d Desk) Check {
	c := Check{Name: "host", OK: true, Text: "host: not on your block list"}
	if _, blocked := d.hosts().Blocked(o.MachineID, o.HostID); blocked {
		c.OK, c.Figure = false, o.MachineID.String()
		c.Text = fmt.Sprintf("host: machine %d of host %d is on your block list", o.MachineID, o.HostID)
	}
	return c
}

func sshCheck(n needs, d Desk) Check {
	c := Check{Name: "ssh key", OK: true}
	switch {
	case !n.run.SSH():
		c.Text = "ssh key: none is needed for this run type"
	case d.SSHKey.Yes():
		c.Text = "ssh key: the account has one"
	case d.SSHKey.No():
		c.Warn, c.Text = true, "ssh key: the account has none, so you could not log in"
	default:
		c.Warn, c.Text = true, "ssh key: not known whether the account has one"
	}
	return c
}

func portCheck(o *vastapi.Offer, n needs) Check {
	c := Check{Name: "ports", OK: true}
	switch {
	case n.ports == 0:
		c.Text = "ports: none are opened on the machine"
	case o.DirectPorts < 0:
		c.Warn, c.Text = true, fmt.Sprintf("ports: %d wanted, how many the machine has is not known", n.ports)
	case o.DirectPorts == 0 && !n.shortOfPorts(o):
		c.Text = "ports: the machine has none of its own, the proxy is used"
	default:
		c.Warn, c.Text = n.shortOfPorts(o), fmt.Sprintf("ports: %d wanted, the machine has %d", n.ports, o.DirectPorts)
	}
	return c
}

func cudaCheck(o *vastapi.Offer, n needs) Check {
	c := Check{Name: "CUDA", OK: true}
	switch {
	case n.cuda == 0:
		c.Text = "CUDA: the image's name speaks of none"
	case !vastapi.Known(o.CUDA) || o.CUDA <= 0:
		c.Warn, c.Text = true, fmt.Sprintf("CUDA: the image wants %.1f, what the machine supports is not known", n.cuda)
	default:
		c.Warn, c.Text = n.newerCUDA(o), fmt.Sprintf("CUDA: the image wants %.1f, the machine supports up to %.1f", n.cuda, o.CUDA)
	}
	return c
}

// nearlyAll is the part of a machine's disk from which on little is left to it.
const nearlyAll = 0.9

func diskCheck(o *vastapi.Offer, opt RentOptions) Check {
	c := Check{Name: "disk", OK: true, Text: fmt.Sprintf("disk: %s of %s on offer", gb(opt.Disk), used(o.DiskSpace))}
	switch {
	case !vastapi.Known(o.DiskSpace):
		c.Warn, c.Text = true, fmt.Sprintf("disk: %s, how much is on offer is not known", gb(opt.Disk))
	case float64(opt.Disk) > nearlyAll*float64(o.DiskSpace):
		c.Warn = true
	}
	return c
}

func durationCheck(o *vastapi.Offer, d Desk) Check {
	c := Check{Name: "duration", OK: true}
	known := o.Duration > 0 || o.Duration == 0 && !o.EndDate.IsZero()
	switch {
	case !known:
		c.Warn, c.Text = true, "duration: how long the machine is on offer is not known"
	case d.Hours <= 0:
		c.Text = "duration: on offer for " + span(o.Duration)
	default:
		c.Warn = o.Duration.Hours() < d.Hours
		c.Text = fmt.Sprintf("duration: on offer for %s, your job takes %s h", span(o.Duration), trimmed(d.Hours))
	}
	return c
}
