package templates_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// TestMessages_Rendered_MatchTheGoldenFiles holds every posted message in its interesting states.
func TestMessages_Rendered_MatchTheGoldenFiles(t *testing.T) {
	for name, tell := range map[string]func(t *testing.T) said{
		"channel/card_new": func(t *testing.T) said { return declared(t, policy.P1).opened().message(incident.TemplateCard) },
		"channel/card_open": func(t *testing.T) said {
			return declared(t, policy.P1).settled().message(incident.TemplateCard)
		},
		"channel/card_overdue": func(t *testing.T) said {
			return declared(t, policy.P1).settled().after(70 * time.Minute).message(incident.TemplateCard)
		},
		"channel/card_at_work": func(t *testing.T) said {
			return atWork(t).message(incident.TemplateCard)
		},
		"channel/card_undelivered": func(t *testing.T) said {
			s := declared(t, policy.P2).opened().fails(notice.OpPin, "not_in_channel").fails(notice.OpTopic, "too_long")
			return s.message(incident.TemplateCard)
		},
		"channel/card_no_channel": func(t *testing.T) said {
			return declared(t, policy.P2).fails(notice.OpOpen, "restricted_action").message(incident.TemplateCard)
		},
		"channel/card_resolved": func(t *testing.T) said {
			return atWork(t).resolved(fixed).message(incident.TemplateCard)
		},
		"channel/card_closed": func(t *testing.T) said {
			return atWork(t).resolved(fixed).by(ana, incident.Incident.Close).message(incident.TemplateCard)
		},
		"channel/card_cancelled": func(t *testing.T) said {
			return declared(t, policy.P3).settled().after(5 * time.Minute).cancelled("a false alarm").message(incident.TemplateCard)
		},
		"channel/card_merged": func(t *testing.T) said {
			return declared(t, policy.P1).settled().after(5 * time.Minute).merged().message(incident.TemplateCard)
		},
		"channel/card_duplicates": func(t *testing.T) said {
			return atWork(t).absorbed().message(incident.TemplateCard)
		},
		"channel/merged": func(t *testing.T) said {
			return declared(t, policy.P1).settled().after(5 * time.Minute).merged().message(incident.TemplateMerged)
		},
		"channel/change_duplicate": func(t *testing.T) said {
			return declared(t, policy.P1).settled().absorbed().message(incident.TemplateChange)
		},
		"announcement/merged": func(t *testing.T) said {
			return declared(t, policy.P1).settled().after(5 * time.Minute).merged().message(incident.TemplateAnnouncement)
		},
		"announcement/duplicates": func(t *testing.T) said {
			return atWork(t).absorbed().message(incident.TemplateAnnouncement)
		},
		"channel/card_private": func(t *testing.T) said { return private(t).settled().message(incident.TemplateCard) },

		"announcement/opening": func(t *testing.T) said {
			return declared(t, policy.P1).message(incident.TemplateAnnouncement)
		},
		"announcement/open": func(t *testing.T) said { return atWork(t).message(incident.TemplateAnnouncement) },
		"announcement/no_channel": func(t *testing.T) said {
			return declared(t, policy.P1).fails(notice.OpOpen, "restricted_action").message(incident.TemplateAnnouncement)
		},
		"announcement/resolved": func(t *testing.T) said {
			return atWork(t).resolved(fixed).message(incident.TemplateAnnouncement)
		},

		"channel/alert": func(t *testing.T) said { return declared(t, policy.P1).settled().message(incident.TemplateAlert) },
		"channel/alert_without_people": func(t *testing.T) said {
			s := told(t, incident.Declaration{Title: "Login is slow", Severity: policy.P2})
			s.policy.Roles = nil
			return s.settled().message(incident.TemplateAlert)
		},
		"channel/alert_no_channel": func(t *testing.T) said {
			return declared(t, policy.P1).fails(notice.OpOpen, "restricted_action").message(incident.TemplateAlert)
		},
		"channel/update": func(t *testing.T) said { return atWork(t).message(incident.TemplateUpdate) },
		"channel/update_no": func(t *testing.T) said {
			return declared(t, policy.P3).settled().updated(incident.Report{Text: "Nothing new yet."}).message(incident.TemplateUpdate)
		},
		"channel/resolution_post_mortem": func(t *testing.T) said {
			return atWork(t).resolved(fixed).message(incident.TemplateResolution)
		},
		"channel/resolution_plain": func(t *testing.T) said {
			s := declared(t, policy.P2).settled().after(40 * time.Minute)
			return s.resolved(incident.Resolution{Summary: "Restarted the worker."}).message(incident.TemplateResolution)
		},
		"channel/reminder_first": func(t *testing.T) said {
			return declared(t, policy.P0).settled().after(30 * time.Minute).message(incident.TemplateReminder)
		},
		"channel/reminder_late": func(t *testing.T) said {
			s := atWork(t)
			timer := s.timer(incident.TimerUpdate)
			s.now = timer.At.Add(14 * time.Minute)
			s.fire(timer, incident.Outage{From: timer.At.Add(-15 * time.Minute), To: s.now})
			return s.message(incident.TemplateReminder)
		},
		"channel/warning": func(t *testing.T) said {
			return declared(t, policy.P1).settled().after(time.Hour).message(incident.TemplateWarning)
		},
		"direct/warning": func(t *testing.T) said {
			return asked(t, declared(t, policy.P1).settled().after(time.Hour), incident.TemplateWarning)
		},
		"direct/warning_private": func(t *testing.T) said {
			return asked(t, private(t).settled().after(time.Hour), incident.TemplateWarning)
		},
		"direct/alert": func(t *testing.T) said {
			return asked(t, declared(t, policy.P1).fails(notice.OpOpen, "restricted_action"), incident.TemplateAlert)
		},
		"direct/escalation": func(t *testing.T) said {
			s := declared(t, policy.P1).fails(notice.OpOpen, "restricted_action").acknowledged()
			return asked(t, s.after(20*time.Minute).escalated("We need a second pair of eyes."), incident.TemplateEscalation)
		},
		"direct/escalation_private": func(t *testing.T) said {
			s := private(t).fails(notice.OpOpen, "restricted_action")
			return asked(t, s.after(20*time.Minute).escalated("The bucket is still public."), incident.TemplateEscalation)
		},
		"channel/escalation_by_itself": func(t *testing.T) said {
			return declared(t, policy.P1).settled().after(2 * time.Hour).message(incident.TemplateEscalation)
		},
		"channel/escalation_by_hand": func(t *testing.T) said {
			return atWork(t).escalated("We need somebody who knows the card processor.").message(incident.TemplateEscalation)
		},
		"channel/change_acknowledged": func(t *testing.T) said {
			return declared(t, policy.P1).settled().after(3 * time.Minute).acknowledged().message(incident.TemplateChange)
		},
		"channel/change_assigned": func(t *testing.T) said {
			return declared(t, policy.P1).settled().assigned("tech_lead", "U0LEAD").message(incident.TemplateChange)
		},
		"channel/change_cancelled": func(t *testing.T) said {
			return declared(t, policy.P1).settled().cancelled("a false alarm").message(incident.TemplateChange)
		},
		"channel/card_reopened": func(t *testing.T) said {
			return atWork(t).resolved(fixed).after(20 * time.Minute).reopened("it is back").message(incident.TemplateCard)
		},
		"channel/resolution_again": func(t *testing.T) said {
			s := atWork(t).resolved(fixed).after(72 * time.Hour).reopened("it is back").after(30 * time.Minute)
			return s.resolved(incident.Resolution{Summary: "Restarted it."}).message(incident.TemplateResolution)
		},
		"channel/reopened": func(t *testing.T) said {
			return atWork(t).resolved(fixed).after(20 * time.Minute).reopened("it is back").message(incident.TemplateReopened)
		},
		"channel/card_update_overdue": func(t *testing.T) said {
			return declared(t, policy.P0).settled().after(40 * time.Minute).message(incident.TemplateCard)
		},
		"channel/archiving": func(t *testing.T) said {
			return declared(t, policy.P1).settled().cancelled("a false alarm").after(6 * 24 * time.Hour).message(incident.TemplateArchiving)
		},
		"channel/change_kept": func(t *testing.T) said {
			s := declared(t, policy.P1).settled().cancelled("a false alarm").after(6*24*time.Hour + time.Hour)
			return s.by(ben, incident.Incident.Keep).message(incident.TemplateChange)
		},
		"channel/card_archived": func(t *testing.T) said { return archived(t, declared(t, policy.P1)).message(incident.TemplateCard) },
		"channel/card_still_archived": func(t *testing.T) said {
			return stillArchived(archived(t, declared(t, policy.P1))).message(incident.TemplateCard)
		},
		"channel/reopened_still_archived": func(t *testing.T) said {
			return stillArchived(archived(t, declared(t, policy.P1))).message(incident.TemplateReopened)
		},
		"announcement/still_archived": func(t *testing.T) said {
			return stillArchived(archived(t, declared(t, policy.P1))).message(incident.TemplateAnnouncement)
		},
		"direct/archived": func(t *testing.T) said {
			return asked(t, stillArchived(archived(t, declared(t, policy.P1))), incident.TemplateArchived)
		},
		"direct/archived_private": func(t *testing.T) said {
			return asked(t, stillArchived(archived(t, private(t))), incident.TemplateArchived)
		},
		"direct/escalation_archived": func(t *testing.T) said {
			return asked(t, stillArchived(archived(t, declared(t, policy.P1))).escalated("We need help."), incident.TemplateEscalation)
		},
		"channel/alert_of_nobody":      func(t *testing.T) said { return empty(t, 1).message(incident.TemplateAlert) },
		"channel/card_of_nobody":       func(t *testing.T) said { return empty(t, 1).message(incident.TemplateCard) },
		"channel/escalation_of_nobody": func(t *testing.T) said { return empty(t, 1).message(incident.TemplateEscalation) },
		"channel/nobody": func(t *testing.T) said {
			s := empty(t, 3)
			at := slices.IndexFunc(s.notices, func(n notice.Notice) bool { return n.Template == incident.TemplateNobody && n.To.InChannel })
			return s.render(s.notices[at])
		},
		"direct/nobody":          func(t *testing.T) said { return empty(t, 3).message(incident.TemplateNobody) },
		"announcement/of_nobody": func(t *testing.T) said { return empty(t, 3).message(incident.TemplateAnnouncement) },
		"direct/channelgone": func(t *testing.T) said {
			s := atWork(t)
			s.by(slackid.Muster, func(i incident.Incident, o incident.Origin) (incident.Change, error) {
				return i.ChannelGone(o, incident.GoneDeleted)
			})
			return asked(t, s, incident.TemplateChannelGone)
		},
		"announcement/late": func(t *testing.T) said {
			return declared(t, policy.P0).after(2 * time.Minute).message(incident.TemplateAnnouncement)
		},
		"direct/nochannel_yet": func(t *testing.T) said {
			return declared(t, policy.P0).after(2 * time.Minute).message(incident.TemplateNoChannel)
		},
		"direct/nochannel": func(t *testing.T) said {
			return declared(t, policy.P1).fails(notice.OpOpen, "restricted_action").message(incident.TemplateNoChannel)
		},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, tell(t)) })
	}
}

// fixed holds an everyday resolution.
var fixed = incident.Resolution{
	Summary: "Rolled the checkout service back to 4.11.", Cause: "4.12 sent an empty currency.", CustomerImpact: true,
}

// atWork returns a P1 half an hour later: acknowledged, a role given, an update posted.
func atWork(t testing.TB) *story {
	t.Helper()
	s := declared(t, policy.P1).settled().after(4 * time.Minute).acknowledged()
	s.after(6*time.Minute).assigned("tech_lead", "U0LEAD")
	return s.after(20 * time.Minute).updated(incident.Report{
		Text: "Release 4.12 is the likely cause. Rolling back.", ETA: "about 20 min", Status: incident.Identified,
	})
}

// stillArchived returns a reopened incident whose channel Slack leaves archived.
func stillArchived(s *story) *story {
	s.t.Helper()
	s.after(time.Hour).reopened("it is back")
	return s.fails(notice.OpUnarchive, "it's archived, and Slack doesn't let apps unarchive channels")
}

// private returns an incident that few may know of.
func private(t testing.TB) *story {
	t.Helper()
	return told(t, incident.Declaration{
		Title: "Customer data in a public bucket", Impact: "Names and addresses of 300 customers.",
		Severity: policy.P1, Private: true,
	})
}

// empty is an incident whose first levels have nobody to page.
func empty(t testing.TB, levels policy.Level) *story {
	t.Helper()
	s := declared(t, policy.P1).opened()
	for l := policy.Level(1); l <= levels; l++ {
		for _, n := range s.notices {
			if n.Op != notice.OpInvite || n.To.Level != l {
				continue
			}
			s.by(slackid.Muster, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Delivered(c, n, notice.Receipt{Refused: map[slackid.User]string{"S0ONCALL": "the user group is empty"}})
			})
		}
	}
	return s
}

// asked returns the direct message that somebody gets who is called.
func asked(t testing.TB, s *story, template notice.Template) said {
	t.Helper()
	n := s.last(template, notice.OpExpand)
	change, err := s.i.Delivered(incident.Origin{By: slackid.Muster, At: s.now, Policy: s.policy}, n,
		notice.Receipt{Users: []slackid.User{"U0LEAD"}})
	if err != nil {
		t.Fatal(err)
	}
	return s.render(change.Notices[0])
}

// TestReason_OfTheConfigurationsGroup_MentionsIt: a reason may name a group of the configuration, which
// nobody can do by writing it.
func TestReason_OfTheConfigurationsGroup_MentionsIt(t *testing.T) {
	s := declared(t, policy.P2).opened()
	const group = "<!subteam^S0ONCALL>"
	s.i.Steps[incident.StepInvite] = incident.Outcome{State: incident.StepDone, Reason: group + " and <!subteam^S0OTHER> could not be reached"}
	s.say(incident.TopicImpact, map[string]string{"impact": "We wait for " + group})
	text := s.message(incident.TemplateCard).Text
	if want := "Invitations: done (" + group + " and &lt;!subteam^S0OTHER&gt; could not be reached)"; !strings.Contains(text, want) {
		t.Errorf("%q is not in %q", want, text)
	}
	if strings.Count(text, group) != 1 {
		t.Errorf("people's text mentions a group: %q", text)
	}
}

// TestDirectMessage_OfALevel_SaysWhich: a direct message says as whose member its reader is asked.
func TestDirectMessage_OfALevel_SaysWhich(t *testing.T) {
	s := declared(t, policy.P1).settled().after(time.Hour)
	n := s.last(incident.TemplateWarning, notice.OpPost)
	n.To = notice.Address{User: "U0MANAGER", Level: 3}
	if text, want := s.render(n).Text, "You're next in line: L3 (Engineering manager)"; !strings.Contains(text, want) {
		t.Errorf("%q is not in %q", want, text)
	}
}
