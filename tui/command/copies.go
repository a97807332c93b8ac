package command

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// CopySize is what a copy is made of.
type CopySize struct {
	Bytes   int64
	Files   int
	Partial bool // there is more: counting was given up
	// Links are those that lead out of what is copied.
	Links remote.Amount
}

// CopySized answers SizeCopy.
type CopySized struct {
	Answer
	Instance vastapi.Instance
	Job      remote.CopyJob
	Size     CopySize
}

// SizeCopyTopic is the topic of SizeCopy, for Loads.GiveUp.
func SizeCopyTopic(id vastapi.InstanceID) Topic { return sshTopic("size", id) }

// SizeCopy finds out how much a copy would be, so that it can be asked about.
func (l Loads) SizeCopy(i vastapi.Instance, job remote.CopyJob) tea.Cmd {
	job.Instance = i.ID
	full, err := homed(job.Local)
	job.Local = full
	return overSSH(l, SizeCopyTopic(i.ID), func(ctx context.Context, r Remote) (CopySize, error) {
		if err != nil {
			return CopySize{}, err
		}
		t, err := target(r, i)
		if err != nil {
			return CopySize{}, err
		}
		return r.SizeCopy(ctx, t, job)
	}, func(a Answer, size CopySize) tea.Msg { return CopySized{a, i, job, size} })
}

// CopyProgressed tells how far a copy has come. The first one comes when it begins.
type CopyProgressed struct {
	Copy feed.Copy
	next tea.Cmd
}

// Next waits for the one after it.
func (m CopyProgressed) Next() tea.Cmd { return m.next }

// Fold keeps it.
func (m CopyProgressed) Fold(s *feed.Snapshot) { s.Remote = s.Remote.WithCopy(m.Copy) }

// CopyEnded tells that a copy has ended, well or not.
type CopyEnded struct {
	Answer
	Copy feed.Copy
}

// Fold keeps it.
func (m CopyEnded) Fold(s *feed.Snapshot) { s.Remote = s.Remote.WithCopy(m.Copy) }

// StartCopy copies what SizeCopy has measured. CopyProgressed comes at most four
// times a second, CopyEnded at the end.
func (l Loads) StartCopy(sized CopySized) tea.Cmd {
	l.s.copies++
	c := feed.Copy{
		ID: l.s.copies, Instance: sized.Instance.ID, Plan: sized.Job, Started: time.Now(),
		Progress: remote.CopyProgress{Total: sized.Size.Bytes},
	}
	steps := newLatest[remote.CopyProgress](copyPause)
	steps.put(c.Progress)
	run := overSSH(l, copyTopic(c.ID), func(ctx context.Context, r Remote) (remote.CopyProgress, error) {
		t, err := target(r, sized.Instance)
		if err != nil {
			return c.Progress, err
		}
		last := c.Progress
		err = r.Copy(ctx, t, sized.Job, sized.Size, func(p remote.CopyProgress) {
			last = p
			steps.put(p)
		})
		return last, err
	}, func(a Answer, last remote.CopyProgress) tea.Msg {
		steps.close()
		c := c
		c.Progress, c.Ended, c.Err = last, a.At, a.Err
		return CopyEnded{a, c}
	})
	return tea.Batch(run, copyNews(c, steps))
}

// copyPause is the least time between two messages about a copy.
const copyPause = 250 * time.Millisecond

func copyNews(c feed.Copy, steps *latest[remote.CopyProgress]) tea.Cmd {
	return func() tea.Msg {
		p, ok := steps.take()
		if !ok {
			return nil
		}
		c.Progress = p
		return CopyProgressed{c, copyNews(c, steps)}
	}
}

// CancelCopy ends a copy. What has been copied stays; CopyEnded comes as always.
func (l Loads) CancelCopy(id int) { l.s.End(copyTopic(id)) }

func copyTopic(id int) Topic { return Topic("ssh/copy/" + strconv.Itoa(id)) }
