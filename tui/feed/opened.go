package feed

import (
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// Opened is what leads from this machine to instances, for the warnings of plans that
// end it; nil when nothing does.
func (r Remote) Opened() map[vastapi.InstanceID]rental.Opened {
	if len(r.Sessions)+len(r.Tunnels)+len(r.Copies) == 0 {
		return nil
	}
	open := map[vastapi.InstanceID]rental.Opened{}
	for _, c := range r.Copies {
		if c.Ended.IsZero() {
			o := open[c.Instance]
			o.Copies++
			open[c.Instance] = o
		}
	}
	each := func(id vastapi.InstanceID) {
		o := open[id]
		o.Sessions, o.Tunnels = r.Open(id)
		if o != (rental.Opened{}) {
			open[id] = o
		}
	}
	for _, s := range r.Sessions {
		each(s.Instance)
	}
	for _, t := range r.Tunnels {
		each(t.Instance)
	}
	return open
}
