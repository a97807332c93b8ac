package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// The verb that destroys: instances first, and then volumes, which are deleted only when
// the instances that held them are seen to be gone.

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
	if len(instances) == 0 {
		p, err := e.planDeleteVolumes(volumes)
		return []rental.Plan{p}, err
	}
	targets, err := findAmong(e.desk.Instances, instances)
	if err != nil {
		return nil, e.orVolume(instances, err)
	}
	var leaving []vastapi.Volume
	if len(volumes) > 0 {
		if leaving, err = findVolumesAmong(e.desk.Volumes, volumes); err != nil {
			return nil, err
		}
	}
	for n := range leaving {
		e.desk.Leaving = append(e.desk.Leaving, leaving[n].ID)
	}
	first, err := rental.PlanDestroy(targets, e.desk)
	if err != nil || len(leaving) == 0 {
		return []rental.Plan{first}, err
	}
	e.leave(targets)
	if leaving, err = findVolumesAmong(e.desk.Volumes, volumes); err != nil {
		return nil, err
	}
	second, err := rental.PlanDeleteVolumes(leaving, e.afterDestroying(first))
	return []rental.Plan{first, second}, err
}

// afterDestroying is what is known, with the bill as it is once p has been carried out.
func (e *errand) afterDestroying(p rental.Plan) rental.Desk {
	d := e.desk
	d.Burn.Committed += p.Cost.Change
	return d
}

// orVolume says how a volume is written, when an id that no instance has is that of one.
func (e *errand) orVolume(args []string, err error) error {
	for _, arg := range args {
		if slices.ContainsFunc(e.desk.Instances, func(i vastapi.Instance) bool { return i.ID.String() == arg }) {
			continue
		}
		if _, named := strings.CutPrefix(arg, volumeMarks[0]); named && !slices.ContainsFunc(e.desk.Instances, called(arg)) {
			return failedf("%s names no volume: one is written vol- and its number, as `vastdeck volumes` lists it, e.g. vol-881.", safetext.Quote(arg, 40))
		}
		if slices.ContainsFunc(e.desk.Volumes, func(v vastapi.Volume) bool { return v.ID.String() == arg }) {
			return failedf("there is no instance %s, but a volume with this id: it is written vol-%s.", arg, arg)
		}
	}
	return err
}

// called reports whether an instance has a name.
func called(name string) func(vastapi.Instance) bool {
	return func(i vastapi.Instance) bool {
		own, _ := rental.SplitLabel(i.Label.String())
		return own == name
	}
}

// leave takes it that instances which are destroyed first no longer hold volumes, and
// notes those that hold one which is deleted after them, whichever of the two says so.
func (e *errand) leave(targets []vastapi.Instance) {
	goes := map[vastapi.InstanceID]bool{}
	held := map[vastapi.InstanceID]bool{}
	for n := range targets {
		i := &targets[n]
		goes[i.ID] = true
		held[i.ID] = slices.ContainsFunc(i.Volumes, func(id vastapi.VolumeID) bool { return slices.Contains(e.desk.Leaving, id) })
	}
	list := slices.Clone(e.desk.Volumes)
	for n := range list {
		var stay []vastapi.InstanceID
		for _, id := range list[n].Instances {
			if !goes[id] {
				stay = append(stay, id)
			} else if slices.Contains(e.desk.Leaving, list[n].ID) {
				held[id] = true
			}
		}
		list[n].Instances = stay
	}
	e.desk.Volumes = list
	for n := range targets {
		if held[targets[n].ID] {
			e.holders = append(e.holders, targets[n].ID)
		}
	}
}

// A volume whose instance was destroyed is let go of some seconds later, and can be
// deleted some seconds after that. Both are waited for, in units of the policy's pace.
const (
	freed = 60
	rests = 30
)

// untilFree waits, before volumes are deleted whose instances were destroyed in the same
// call, until those are seen to be gone and to have let go of them. While they are not,
// no volume is touched.
func (e *errand) untilFree(ctx context.Context, p rental.Plan) error {
	if p.Verb != "delete volume" || len(e.holders) == 0 || len(e.back) == 0 {
		return nil
	}
	fmt.Fprintln(e.stderr, "vastdeck: waiting until the volume is free of the instance that was destroyed.")
	deadline := time.Now().Add(freed * e.policy().Pace)
	for {
		last := !time.Now().Before(deadline) // before it is read: that may take long
		holds, err := e.holds(ctx, p)
		if err != nil {
			return err
		}
		if holds == "" {
			break
		}
		if last {
			return failedf("%s.", holds)
		}
		if !pause(ctx, beforeLook*e.policy().Pace) {
			return ctx.Err()
		}
	}
	if !pause(ctx, rests*e.policy().Pace) {
		return ctx.Err()
	}
	return nil
}

// holds says what still holds a volume that p deletes, "" when nothing does.
func (e *errand) holds(ctx context.Context, p rental.Plan) (string, error) {
	for _, id := range e.holders {
		if e.seenGone(id) {
			continue
		}
		i, err := e.api.Instance(ctx, id)
		switch {
		case err != nil && vastapi.KindOf(err) != vastapi.KindNotFound:
			return "", err
		case err == nil && i != nil:
			return fmt.Sprintf("instance %s was to be destroyed, but is still there", id), nil
		}
	}
	list, err := e.api.Volumes(ctx)
	if err != nil {
		return "", err
	}
	for _, v := range list.Volumes {
		if len(v.Instances) > 0 && slices.ContainsFunc(p.Steps, func(s rental.Step) bool { return s.Subject.Volume == v.ID }) {
			return fmt.Sprintf("volume %d is still held by instance %s", v.ID, v.Instances[0]), nil
		}
	}
	return "", nil
}

// seenGone reports whether a reading has shown that a destroyed instance is gone.
func (e *errand) seenGone(id vastapi.InstanceID) bool {
	return slices.ContainsFunc(e.back, func(r rental.Report) bool {
		is := func(s rental.StepResult) bool { return s.Step.Subject.Instance == id }
		return slices.ContainsFunc(r.Skipped, is) || slices.ContainsFunc(r.Done, func(s rental.StepResult) bool { return is(s) && s.Verified })
	})
}
