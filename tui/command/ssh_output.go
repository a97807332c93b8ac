package command

import (
	"bytes"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// outputPause is the least time between two messages about the output of one
// instance.
const outputPause = 100 * time.Millisecond

// maxPartial is how long a line may be that has not ended yet, in bytes.
const maxPartial = 64 << 10

// outbox collects what a command prints on its instances and hands it out, what
// came meanwhile together. It is written from many goroutines and read from one.
type outbox struct {
	run   string
	most  int // lines of one instance that wait
	wake  chan struct{}
	mu    sync.Mutex
	hosts []*output // in the order in which they began
	by    map[vastapi.InstanceID]*output
	done  bool
}

// output is what one instance has to tell.
type output struct {
	id      vastapi.InstanceID
	told    time.Time // when its lines were handed out last
	partial [2][]byte // of the output and of the errors
	lines   []RemoteLine
	dropped int
	started bool // to be told that it began
	end     *RemoteHostEnded
}

func newOutbox(run string, most int) *outbox {
	return &outbox{run: run, most: most, wake: make(chan struct{}, 1), by: map[vastapi.InstanceID]*output{}}
}

func (o *outbox) rouse() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// with lets change alter what an instance has to tell.
func (o *outbox) with(id vastapi.InstanceID, change func(*output)) {
	o.mu.Lock()
	h := o.by[id]
	if h == nil {
		h = &output{id: id}
		o.by[id], o.hosts = h, append(o.hosts, h)
	}
	change(h)
	o.mu.Unlock()
	o.rouse()
}

func (o *outbox) start(id vastapi.InstanceID) {
	o.with(id, func(h *output) { h.started = true })
}

// write takes in what was printed. The bytes are not kept.
func (o *outbox) write(id vastapi.InstanceID, chunk []byte, stderr bool) {
	o.with(id, func(h *output) { h.take(chunk, stderr, o.most) })
}

func (o *outbox) end(m RemoteHostEnded) {
	o.with(m.Instance, func(h *output) {
		h.flush(o.most)
		h.end = &m
	})
}

// close says that nothing more will come.
func (o *outbox) close() {
	o.mu.Lock()
	o.done = true
	o.mu.Unlock()
	o.rouse()
}

// take appends whole lines; what follows the last end of a line waits for its own.
func (h *output) take(chunk []byte, stderr bool, most int) {
	which := 0
	if stderr {
		which = 1
	}
	held := append(h.partial[which], chunk...)
	cut := bytes.LastIndexByte(held, '\n') + 1
	if at := bytes.LastIndexByte(held[:max(len(held)-1, 0)], '\r') + 1; at > cut && len(bytes.Trim(held[cut:at], "\r ")) > 0 {
		cut = at // a state of a progress bar; behind the last byte a line feed may follow
	}
	if len(held)-cut > maxPartial {
		cut = len(held)
	}
	h.add(held[:cut], stderr, most)
	h.partial[which] = bytes.Clone(held[cut:])
}

// flush appends the lines that did not end.
func (h *output) flush(most int) {
	h.add(h.partial[0], false, most)
	h.add(h.partial[1], true, most)
	h.partial = [2][]byte{}
}

func (h *output) add(text []byte, stderr bool, most int) {
	if len(text) == 0 {
		return
	}
	lines := safetext.NewPrinted(most, len(text)*4+4096) // a byte that is none becomes three
	_, _ = lines.Write(text)
	lines.Flush()
	h.dropped += lines.Dropped()
	for _, line := range lines.All() {
		h.lines = append(h.lines, RemoteLine{line, stderr})
	}
	if over := len(h.lines) - most; over > 0 {
		h.dropped += over
		h.lines = append([]RemoteLine(nil), h.lines[over:]...)
	}
}

// listen is the command that waits for the next message.
func (o *outbox) listen() tea.Cmd {
	return func() tea.Msg {
		for {
			msg, wait, done := o.next(time.Now())
			switch {
			case msg != nil:
				return msg
			case done:
				o.rouse() // for whoever asks once more
				return nil
			}
			o.sleep(wait)
		}
	}
}

// sleep waits until something comes, or for a while; 0 = however long it takes.
func (o *outbox) sleep(wait time.Duration) {
	if wait == 0 {
		<-o.wake
		return
	}
	pause := time.NewTimer(wait)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-o.wake:
	}
}

// next is the message that is due, or how long to wait for one.
func (o *outbox) next(now time.Time) (msg tea.Msg, wait time.Duration, done bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for n, h := range o.hosts {
		if h.started {
			h.started = false
			return RemoteStarted{o.run, h.id, o.listen()}, 0, false
		}
		if len(h.lines) > 0 {
			due := h.told.Add(outputPause).Sub(now)
			if due <= 0 || h.end != nil {
				return o.handOut(n, now), 0, false
			}
			if wait == 0 || due < wait {
				wait = due
			}
			continue
		}
		if h.end != nil {
			end := *h.end
			end.next = o.listen()
			h.end = nil
			return end, 0, false
		}
	}
	return nil, wait, o.done
}

// handOut gives the lines of one instance, and puts it last, so that one that
// prints much does not keep the others waiting.
func (o *outbox) handOut(n int, now time.Time) tea.Msg {
	h := o.hosts[n]
	m := RemoteOutput{Run: o.run, Instance: h.id, Lines: h.lines, Dropped: h.dropped, next: o.listen()}
	h.lines, h.dropped, h.told = nil, 0, now
	o.hosts = append(append(o.hosts[:n:n], o.hosts[n+1:]...), h)
	return m
}
