package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
)

// rentedJSON is an instance that was rented. Figures that are not known are null.
type rentedJSON struct {
	ID      vastapi.InstanceID `json:"id"`
	Offer   vastapi.OfferID    `json:"offer_id"`
	Name    string             `json:"name"`
	Machine vastapi.MachineID  `json:"machine_id"`
	GPU     string             `json:"gpu_name"`
	GPUs    int                `json:"num_gpus"`
	Hourly  *float64           `json:"hourly"` // while it runs, with its disk
	Bid     bool               `json:"bid"`
	Status  string             `json:"status"`
	Running bool               `json:"running"`
	SSH     *sshJSON           `json:"ssh"` // null while there is no way in
}

// sshJSON is the way into an instance.
type sshJSON struct {
	User    string `json:"user"`
	Host    string `json:"host"`
	Port    int    `json:"port"`
	Command string `json:"command"`
}

// rented waits until what was rented runs, and prints it. With fewer than least it is
// a failure.
func (e *errand) rented(ctx context.Context, wait time.Duration, least int) (any, error) {
	list := []rentedJSON{}
	var failed, unsaid error
	deadline := time.Now().Add(wait)
	for _, r := range e.back {
		for _, s := range r.Done {
			if s.Contract == 0 {
				continue
			}
			i, err := s.Delivered, error(nil)
			if wait > 0 {
				i, err = e.awaitRunning(ctx, s, deadline)
			}
			if failed == nil {
				failed = err
			}
			one := rentedOf(s, i)
			list = append(list, one)
			if !e.flags.json && unsaid == nil {
				unsaid = one.print(e.stdout, len(list) > 1)
			}
		}
	}
	if ctx.Err() != nil && len(list) > 0 {
		failed = interruptedWait(ctx, list)
	}
	if failed == nil && len(list) < least {
		failed = failedf("%d of %d were rented: no more offers fit.", len(list), least)
	}
	if failed == nil {
		failed = unsaid
	}
	return list, failed
}

// print prints what was rented for people, a blank line between several.
func (r rentedJSON) print(w io.Writer, another bool) error {
	text := ""
	if another {
		text = "\n"
	}
	price := pricing.Unpriced
	if r.Hourly != nil {
		price = pricing.Shown(vastapi.Rate(*r.Hourly))
	}
	text += fmt.Sprintf("Instance: %s\nName: %s\nMachine: %s\nPrice: %s\nStatus: %s\n", r.ID, r.Name, r.Machine, price, r.Status)
	if r.SSH != nil {
		text += fmt.Sprintf("SSH: %s\n", r.SSH.Command)
	}
	_, err := io.WriteString(w, text)
	return err
}

// rentedOf is what is known of a rent that was confirmed; i is nil while it was not seen.
func rentedOf(s rental.StepResult, i *vastapi.Instance) rentedJSON {
	r := rentedJSON{
		ID: s.Contract, Offer: s.Step.Subject.Offer, Machine: s.Step.Subject.Machine, Hourly: figure(float64(s.Step.Rate)), Status: "NOT SEEN YET",
	}
	if call, ok := s.Step.Call.(vastapi.CreateInstance); ok {
		r.Name, _ = rental.SplitLabel(call.Label)
		r.Bid = call.Price != nil
	}
	if i == nil {
		return r
	}
	r.GPU, r.GPUs, r.Bid = i.GPUName.String(), i.NumGPUs, i.Bid
	if rental.Told(i) {
		r.Hourly = figure(float64(pricing.Running(i).Total()))
	}
	state := rental.Display(*i)
	r.Status, r.Running = state.Word, state.Class == rental.ClassRunning
	if way, ok := sshWay(i); ok {
		r.SSH = &sshJSON{User: "root", Host: way.Host, Port: way.Port, Command: sshLine(way)}
	}
	return r
}

// sshWay is how an instance is reached now: by its own port, or through the proxy.
func sshWay(i *vastapi.Instance) (remote.Endpoint, bool) {
	t := remote.TargetOf(i)
	switch {
	case t.Refused != "":
		return remote.Endpoint{}, false
	case t.Direct.Given():
		return t.Direct, true
	}
	return t.Proxy, t.Proxy.Given()
}

// pause waits; false when ctx has ended meanwhile.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
