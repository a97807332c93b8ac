package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// The verbs that change instances which exist: start, stop, reboot, label, destroy.

// lifecycleVerb is a verb that takes any number of instances.
type lifecycleVerb struct {
	use, short, long, example string
	plan                      func([]vastapi.Instance, rental.Desk) (rental.Plan, error)
}

func (a *app) lifecycleCommand(v lifecycleVerb) *cobra.Command {
	var f changeFlags
	c := &cobra.Command{
		Use: v.use, Short: v.short, Long: v.long, Example: v.example, Args: cobra.MinimumNArgs(1), ValidArgsFunction: a.completeInstances,
		RunE: func(c *cobra.Command, args []string) error {
			return a.change(c, &f, func(_ context.Context, e *errand) ([]rental.Plan, error) {
				targets, err := findAmong(e.desk.Instances, args)
				if err != nil {
					return nil, err
				}
				p, err := v.plan(targets, e.desk)
				return []rental.Plan{p}, err
			}, nil)
		},
	}
	f.add(c)
	return c
}

func (a *app) startCommand() *cobra.Command {
	return a.lifecycleCommand(lifecycleVerb{
		use: "start INSTANCE…", short: "Start stopped instances", plan: rental.PlanStart,
		long: "start has stopped instances run again, each named by its id or its name. Their GPUs are billed\n" +
			"again. One whose GPU somebody else has meanwhile starts when it is free; `vastdeck stop` cancels that.",
		example: "vastdeck start 21480311\nvastdeck start trainer --yes",
	})
}

func (a *app) stopCommand() *cobra.Command {
	return a.lifecycleCommand(lifecycleVerb{
		use: "stop INSTANCE…", short: "Stop instances; their disks stay and are billed", plan: rental.PlanStop,
		long: "stop ends what runs in instances, each named by its id or its name. Their disks stay and are\n" +
			"billed; their GPUs are not, and may be taken by somebody else.",
		example: "vastdeck stop 21480311 21480312\nvastdeck stop trainer --dry-run",
	})
}

func (a *app) rebootCommand() *cobra.Command {
	return a.lifecycleCommand(lifecycleVerb{
		use: "reboot INSTANCE…", short: "Restart the containers of instances", plan: rental.PlanReboot,
		long:    "reboot restarts the containers of running instances, each named by its id or its name. They keep\ntheir GPUs and their disks.",
		example: "vastdeck reboot trainer",
	})
}

func (a *app) labelCommand() *cobra.Command {
	var f changeFlags
	var first int
	c := &cobra.Command{
		Use:   "label INSTANCE… NAME",
		Short: "Name instances",
		Long: "label gives an instance a name; an empty one (\"\") takes it away. Several instances are numbered:\n" +
			"train-1, train-2 and so on. Nothing that it costs changes, so nobody is asked on a terminal; without\n" +
			"one it needs --yes, as every change does.",
		Example: "vastdeck label 21480311 trainer\nvastdeck label 21480311 21480312 train",
		Args:    cobra.MinimumNArgs(2), ValidArgsFunction: a.completeInstances,
		RunE: func(c *cobra.Command, args []string) error {
			return a.change(c, &f, func(_ context.Context, e *errand) ([]rental.Plan, error) {
				name := args[len(args)-1]
				targets, err := findAmong(e.desk.Instances, args[:len(args)-1])
				if err != nil {
					return nil, err
				}
				p, err := planNames(targets, name, first, e.desk)
				return []rental.Plan{p}, err
			}, nil)
		},
	}
	c.Flags().IntVar(&first, "first", 0, "the number that several begin with (default: the first that is free)")
	f.add(c)
	return c
}

// planNames names one instance, or several with numbers.
func planNames(targets []vastapi.Instance, name string, first int, d rental.Desk) (rental.Plan, error) {
	if len(targets) == 1 && first == 0 {
		return rental.PlanRename(targets[0], name, d)
	}
	if first == 0 {
		var own []vastapi.InstanceID
		for n := range targets {
			own = append(own, targets[n].ID)
		}
		first = rental.NextNumber(d.Instances, name, own)
	}
	return rental.PlanNumber(targets, name, first, d)
}

func (a *app) destroyCommand() *cobra.Command {
	var f changeFlags
	c := &cobra.Command{
		Use:   "destroy INSTANCE…|vol-ID…",
		Short: "Destroy instances, and volumes (vol-ID); their data is lost",
		Long: "destroy ends the contracts of instances, each named by its id or its name, and erases their disks.\n" +
			"What is written vol-881 is a volume, which is deleted with all that is on it. This cannot be undone:\n" +
			"--dry-run shows what would be done. Instances go first, volumes after them.",
		Example: "vastdeck destroy 21480311 --dry-run\nvastdeck destroy 21480311 vol-881",
		Args:    cobra.MinimumNArgs(1), ValidArgsFunction: a.completeTargets,
		RunE: func(c *cobra.Command, args []string) error {
			return a.change(c, &f, func(_ context.Context, e *errand) ([]rental.Plan, error) { return e.planDestroy(args) }, nil)
		},
	}
	f.add(c)
	return c
}

// planDestroy is a plan for the instances among args, and one for the volumes.
func (e *errand) planDestroy(args []string) ([]rental.Plan, error) {
	var instances, volumes []string
	for _, arg := range args {
		if _, is := volumeID(arg); is {
			volumes = append(volumes, arg)
		} else {
			instances = append(instances, arg)
		}
	}
	var plans []rental.Plan
	if len(instances) > 0 {
		targets, err := findAmong(e.desk.Instances, instances)
		if err != nil {
			return nil, e.orVolume(instances, err)
		}
		p, err := rental.PlanDestroy(targets, e.desk)
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
		e.leave(targets)
	}
	if len(volumes) > 0 {
		p, err := e.planDeleteVolumes(volumes)
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	return plans, nil
}

// orVolume says how a volume is written, when an id that no instance has is that of one.
func (e *errand) orVolume(args []string, err error) error {
	for _, arg := range args {
		if slices.ContainsFunc(e.desk.Instances, func(i vastapi.Instance) bool { return i.ID.String() == arg }) {
			continue
		}
		if slices.ContainsFunc(e.desk.Volumes, func(v vastapi.Volume) bool { return v.ID.String() == arg }) {
			return failedf("there is no instance %s, but a volume with this id: it is written vol-%s.", arg, arg)
		}
	}
	return err
}

// leave takes it that instances which are destroyed first no longer hold volumes.
func (e *errand) leave(targets []vastapi.Instance) {
	goes := map[vastapi.InstanceID]bool{}
	for n := range targets {
		goes[targets[n].ID] = true
	}
	list := slices.Clone(e.desk.Volumes)
	for n := range list {
		held := list[n].Instances
		list[n].Instances = slices.DeleteFunc(slices.Clone(held), func(id vastapi.InstanceID) bool { return goes[id] })
		e.frees = e.frees || len(list[n].Instances) < len(held)
	}
	e.desk.Volumes = list
}

// A volume whose instance was destroyed is let go of some seconds later, and can be
// deleted some seconds after that. Both are waited for, in units of the policy's pace.
const (
	freed = 60
	rests = 30
)

// untilFree waits until the volumes that a plan deletes are held no more, when an
// instance that held one was destroyed before.
func (e *errand) untilFree(ctx context.Context, p rental.Plan) error {
	if p.Verb != "delete volume" || !e.frees || len(e.back) == 0 {
		return nil
	}
	fmt.Fprintln(e.stderr, "vastdeck: waiting until the volume is free of the instance that was destroyed.")
	deadline := time.Now().Add(freed * e.policy().Pace)
	for {
		list, err := e.api.Volumes(ctx)
		if err != nil {
			return err
		}
		held := slices.ContainsFunc(list.Volumes, func(v vastapi.Volume) bool {
			return len(v.Instances) > 0 && slices.ContainsFunc(p.Steps, func(s rental.Step) bool { return s.Subject.Volume == v.ID })
		})
		wait := beforeLook
		if !held || !time.Now().Before(deadline) {
			wait = rests
		}
		if !pause(ctx, time.Duration(wait)*e.policy().Pace) {
			return ctx.Err()
		}
		if wait == rests {
			return nil
		}
	}
}

// digits reports whether s is a plain number.
func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
