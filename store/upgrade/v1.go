package upgrade

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// document is an incident as schema 1 kept it.
type document struct {
	Number      incident.Number `json:"number"`
	Version     int             `json:"version"`
	Title       string          `json:"title"`
	Impact      string          `json:"impact"`
	Severity    policy.Severity `json:"severity"`
	Status      incident.Status `json:"status"`
	Private     bool            `json:"private"`
	Declared    incident.Stamp  `json:"declared"`
	Acked       incident.Stamp  `json:"acked"`
	Mitigated   incident.Stamp  `json:"mitigated"`
	Ended       incident.Stamp  `json:"ended"`
	Level       policy.Level    `json:"level"`
	Reached     time.Time       `json:"reached"`
	Since       time.Time       `json:"since"`
	Updated     incident.Stamp  `json:"updated"`
	Reminded    time.Time       `json:"reminded"`
	Snoozed     time.Time       `json:"snoozed"`
	Warned      bool            `json:"warned"`
	Channel     slackid.Channel `json:"channel"`
	ChannelName string          `json:"channel_name"`
	Card        notice.Message  `json:"card"`
	Announced   notice.Message  `json:"announced"`
	Entries     int             `json:"entries"`
	Head        string          `json:"head"` // the last entry's hash

	Progress struct {
		Text string `json:"text"`
	} `json:"progress"`
	Resolution struct {
		Summary        string `json:"summary"`
		CustomerImpact bool   `json:"customer_impact"`
	} `json:"resolution"`
	Roles      map[policy.Role]slackid.User           `json:"roles"`
	Responders []slackid.User                         `json:"responders"`
	Timers     map[incident.TimerName]incident.Armed  `json:"timers"`
	Steps      map[incident.StepName]incident.Outcome `json:"steps"`

	Undelivered []struct {
		Notice intent    `json:"notice"`
		Reason string    `json:"reason"`
		At     time.Time `json:"at"`
	} `json:"undelivered"`
}

// line is a timeline entry as schema 1 kept it. Its fields are in the order in
// which its hash was made.
type line struct {
	Seq  int                `json:"seq"`
	At   time.Time          `json:"at"`
	By   slackid.User       `json:"by"`
	Kind incident.EntryKind `json:"kind"`
	Text string             `json:"text"`
	Data map[string]string  `json:"data,omitempty"`
	Prev string             `json:"prev"`
	Hash string             `json:"hash"`
}

func (l line) digest() (string, error) {
	l.Hash = ""
	b, err := json.Marshal(l)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

// verify checks the timeline's chain.
func (d document) verify(timeline []line) error {
	prev := ""
	for i, l := range timeline {
		hash, err := l.digest()
		if err != nil {
			return err
		}
		if l.Seq != i+1 || l.Prev != prev || l.Hash != hash {
			return fmt.Errorf("entry %d of its timeline is not as it was written", i+1)
		}
		prev = hash
	}
	if len(timeline) != d.Entries || prev != d.Head {
		return fmt.Errorf("its timeline has %d entries, the incident says %d", len(timeline), d.Entries)
	}
	return nil
}

// intent is a notice as schema 1 kept it.
type intent struct {
	Key      string          `json:"key"`
	Number   incident.Number `json:"number"`
	Lane     string          `json:"lane"`
	Act      notice.Op       `json:"act"`
	Template notice.Template `json:"template"`
	To       struct {
		Home    bool            `json:"home"`
		Channel slackid.Channel `json:"channel"`
		User    slackid.User    `json:"user"`
		People  struct {
			Users  []slackid.User
			Groups []slackid.Group
		} `json:"people"`
		Level policy.Level `json:"level"`
	} `json:"to"`
	Entry    line            `json:"entry"`
	Merge    string          `json:"merge"`
	Priority notice.Priority `json:"priority"`
	At       time.Time       `json:"at"`
}

func (n intent) now() notice.Notice {
	return notice.Notice{
		Key: n.Key, Subject: n.Number.Subject(), Lane: n.Lane, Op: n.Act, Template: n.Template,
		To: notice.Address{
			Medium: notice.Slack, InChannel: n.To.Home, Channel: n.To.Channel, User: n.To.User,
			People: policy.NewPeople(n.To.People.Users, n.To.People.Groups), Level: n.To.Level,
		},
		Entry: n.Entry.Seq, Merge: n.Merge, Priority: n.Priority, At: n.At,
	}
}
