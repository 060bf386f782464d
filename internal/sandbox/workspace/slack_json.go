package workspace

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// SlackJSON returns a message as the Web API gives it. Metadata comes along only where it
// was asked for.
func (m *Message) SlackJSON(c *Channel, metadata bool) Object {
	o := Object{"type": "message", "ts": m.TS, "user": m.User, "text": m.Text, "team": TeamID}
	if m.Subtype != "" {
		o["subtype"] = m.Subtype
	}
	if parent := c.Message(m.ThreadTS); m.Broadcast && parent != nil {
		o["subtype"], o["root"] = "thread_broadcast", parent.SlackJSON(c, false)
	}
	if m.BotID != "" {
		o["bot_id"], o["app_id"], o["bot_profile"] = m.BotID, AppID, m.botProfile()
	}
	if m.ClientID != "" {
		o["client_msg_id"], o["blocks"] = m.ClientID, []Object{typedBlock(m.Text)}
	}
	if len(m.Blocks) > 0 {
		o["blocks"] = m.Blocks
	}
	if len(m.Attachments) > 0 {
		o["attachments"] = m.Attachments
	}
	if metadata && m.Metadata != nil {
		o["metadata"] = m.Metadata
	}
	if m.Edited != nil {
		o["edited"] = m.Edited
	}
	if len(m.Reactions) > 0 {
		o["reactions"] = Copied(m.Reactions)
	}
	if c.Pinned(m.TS) {
		o["pinned_to"] = []string{c.ID}
	}
	maps.Copy(o, m.thread(c))
	return o
}

// botProfile returns what a message says of the app that posted it.
func (m *Message) botProfile() Object {
	icons := Object{}
	for _, size := range []string{"36", "48", "72"} {
		icons["image_"+size] = "https://avatars.sandbox.example/" + m.BotID + "/" + size + ".png"
	}
	return Object{
		"id": m.BotID, "app_id": AppID, "user_id": BotUser, "name": m.BotName, "icons": icons,
		"deleted": false, "updated": founded, "team_id": TeamID,
	}
}

// Copied keeps an answer as it is while the message goes on collecting reactions.
func Copied(all []Reaction) []Reaction {
	c := slices.Clone(all)
	for i := range c {
		c[i].Users = slices.Clone(c[i].Users)
	}
	return c
}

// thread returns what a message says about the thread that it is in or begins.
func (m *Message) thread(c *Channel) Object {
	if m.ThreadTS != "" {
		o := Object{"thread_ts": m.ThreadTS}
		if parent := c.Message(m.ThreadTS); parent != nil {
			o["parent_user_id"] = parent.User
		}
		return o
	}
	all := c.Replies(m.TS)
	if len(all) == 0 {
		return nil
	}
	var users []string
	for _, r := range all {
		if !slices.Contains(users, r.User) {
			users = append(users, r.User)
		}
	}
	return Object{
		"thread_ts": m.TS, "reply_count": len(all), "latest_reply": all[len(all)-1].TS,
		"reply_users": users, "reply_users_count": len(users),
	}
}

// SlackJSON returns a channel as the Web API gives it to user.
func (c *Channel) SlackJSON(user string) Object {
	if c.IM != "" {
		return Object{
			"id": c.ID, "created": c.Created, "is_im": true, "is_org_shared": false, "user": c.IM,
			"is_archived": false, "is_user_deleted": false, "priority": 0, "context_team_id": TeamID, "updated": c.updated(),
		}
	}
	return Object{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "is_channel": !c.Private, "is_group": c.Private,
		"is_im": false, "is_mpim": false, "is_private": c.Private, "created": c.Created, "creator": c.Creator,
		"is_archived": c.Archived, "is_general": c.ID == General, "is_member": c.HasMember(user), "unlinked": 0,
		"is_shared": false, "is_org_shared": false, "is_ext_shared": false, "is_pending_ext_shared": false,
		"pending_shared": []string{}, "pending_connected_team_ids": []string{}, "shared_team_ids": []string{TeamID},
		"parent_conversation": nil, "updated": c.updated(), "topic": c.Topic, "purpose": c.Purpose,
		"previous_names": append([]string{}, c.Previous...), "context_team_id": TeamID,
	}
}

// updated returns when the channel last changed, in milliseconds.
func (c *Channel) updated() int64 { return max(c.Updated, c.Created*1000) }

// founded is when the people and groups of the workspace were last changed.
const founded = 1767225600

// SlackJSON returns a user as the Web API gives it.
func (u *User) SlackJSON() Object {
	first, last, _ := strings.Cut(u.RealName, " ")
	zone, label, offset := u.zone(time.Now())
	profile := Object{
		"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.Name,
		"display_name_normalized": u.Name, "first_name": first, "last_name": last, "title": u.Title, "phone": "", "skype": "",
		"email": u.Email, "team": u.TeamID(), "fields": nil, "status_text": "", "status_text_canonical": "",
		"status_emoji": "", "status_emoji_display_info": []any{}, "status_expiration": 0, "avatar_hash": "g" + strings.ToLower(u.ID),
	}
	for _, size := range []string{"24", "32", "48", "72", "192", "512"} {
		profile["image_"+size] = "https://avatars.sandbox.example/" + u.ID + "/" + size + ".png"
	}
	if u.IsBot {
		profile["bot_id"], profile["api_app_id"], profile["always_active"] = BotID, AppID, true
	}
	return Object{
		"id": u.ID, "team_id": u.TeamID(), "name": u.Name, "real_name": u.RealName, "deleted": false, "color": "9f69e7",
		"is_bot": u.IsBot, "is_app_user": false, "is_admin": false, "is_owner": false, "is_primary_owner": false,
		"is_restricted": u.Guest, "is_ultra_restricted": false, "is_email_confirmed": !u.IsBot, "updated": founded,
		"who_can_share_contact_card": "EVERYONE", "tz": zone, "tz_label": label, "tz_offset": offset, "profile": profile,
	}
}

// zone returns a user's time zone as a profile says it: its name, its letters and
// its seconds east of UTC at a moment.
func (u *User) zone(now time.Time) (name, label string, offset int) {
	zone, err := time.LoadLocation(u.TZ)
	if err != nil || u.TZ == "" {
		return "Etc/UTC", "UTC", 0
	}
	label, offset = now.In(zone).Zone()
	return u.TZ, label, offset
}

// SlackJSON returns a user group as the Web API gives it.
func (g *Group) SlackJSON(users bool) Object {
	o := Object{
		"id": g.ID, "team_id": TeamID, "is_usergroup": true, "name": g.Name, "handle": g.Handle,
		"description": g.Name, "is_external": false, "is_subteam": true,
		"date_create": founded, "date_update": founded, "date_delete": 0, "auto_type": nil, "auto_provision": false,
		"enterprise_subteam_id": "", "created_by": People[0].ID, "updated_by": People[0].ID, "deleted_by": nil,
		"prefs": Object{"channels": []string{}, "groups": []string{}}, "user_count": len(g.Users), "channel_count": 0,
	}
	if users {
		o["users"] = g.Users
	}
	return o
}

// viewDefaults are the fields that a view has even where the bot gave none.
var viewDefaults = Object{
	"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": false,
	"notify_on_close": false, "submit": nil, "close": nil, "title": nil,
}

// SlackJSON returns a view as the Web API and payloads give it.
func (v *View) SlackJSON() Object {
	o := maps.Clone(v.Body)
	maps.Copy(o, Object{
		"id": v.ID, "team_id": TeamID, "app_id": AppID, "bot_id": BotID, "hash": v.Hash,
		"root_view_id": v.Root, "previous_view_id": nil, "app_installed_team_id": TeamID,
		"state": Object{"values": v.EnteredValues()},
	})
	if v.Previous != "" {
		o["previous_view_id"] = v.Previous
	}
	for name, otherwise := range viewDefaults {
		if _, there := o[name]; !there {
			o[name] = otherwise
		}
	}
	return o
}

// Label returns a channel's name as payloads give it.
func (c *Channel) Label() string {
	switch {
	case c.IM != "":
		return "directmessage"
	case c.Private:
		return "privategroup"
	}
	return c.Name
}
