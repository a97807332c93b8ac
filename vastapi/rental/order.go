package rental

import (
	"time"

	"vastdeck/vastapi"
)

// Order is what was last asked of an instance: to run, by a rent or a start, or to
// be stopped. The zero Order is none.
type Order struct {
	Running bool
	At      time.Time // when it was sent
}

// Orders are the newest orders of account that were sent from this machine and, as
// far as is known, obeyed.
func (o Ops) Orders(account string) map[vastapi.InstanceID]Order {
	out := map[vastapi.InstanceID]Order{}
	for _, op := range o.list {
		id, order := op.Subject.Instance, Order{Running: op.Asked == "running", At: op.Sent}
		if op.Verb == "rent" {
			id, order.Running = op.Contract, true
		}
		asks := op.Verb == "rent" || op.Asked == "running" || op.Asked == "stopped"
		obeyed := op.State == OpConfirmed || op.Open()
		if id != 0 && asks && obeyed && op.of(account) && out[id].At.Before(order.At) {
			out[id] = order
		}
	}
	return out
}
