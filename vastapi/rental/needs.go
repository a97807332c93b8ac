package rental

import (
	"slices"

	"vastdeck/vastapi"
)

// needs is what the container of a rental comes to: what is sent, and the
// template's values where nothing is.
type needs struct {
	run   RunType // "" when only the server knows
	image string
	asked []Port   // ports of the environment, the template's as far as it is understood
	own   []string // ports of the run type
	ports int      // how many of the machine's ports both come to
	cuda  float64  // the version the image's name speaks of, 0 = none

	unread bool // the template's environment is not understood
}

func (opt RentOptions) needs() needs {
	n := needs{run: opt.expectedRunType(), image: opt.Image}
	env := opt.Env
	if opt.Template.Hash != "" {
		if n.image == "" {
			n.image = opt.Template.Ref().Wire()
		}
		base, err := ParseEnv(opt.Template.Env.Wire())
		n.unread = err != nil
		env = base.With(env)
	}
	n.asked, n.own = env.Ports(), n.run.OwnPorts()
	n.ports = len(n.asked)
	for _, port := range n.own {
		if !slices.ContainsFunc(n.asked, func(p Port) bool { return p.String() == port }) {
			n.ports++
		}
	}
	if version, ok := ImageCUDA(n.image); ok {
		n.cuda = version
	}
	return n
}

// shortOfPorts reports whether o is known to have fewer ports than are taken.
// Those of the run type alone are no loss: the proxy does for ssh and jupyter.
func (n needs) shortOfPorts(o *vastapi.Offer) bool {
	return o.DirectPorts >= 0 && len(n.asked) > 0 && n.ports > o.DirectPorts
}

// newerCUDA reports whether o is known to support only older versions of CUDA
// than the image speaks of.
func (n needs) newerCUDA(o *vastapi.Offer) bool {
	const slack = 0.001 // versions arrive as binary fractions
	return o.CUDA > 0 && n.cuda > o.CUDA+slack
}
