#include "teller_internal.h"

/* How people are named: in full at first, then by a pronoun or a name, whichever is clear. */

static void write_full_name(struct fm_teller *t, const struct fm_person *p)
{
	fm_teller_write(t, t->pack->family_first ? p->surname : p->first);
	t->gap = true;
	fm_teller_write(t, t->pack->family_first ? p->first : p->surname);
}

/* Where family names are few, one without a title behind it tells nobody apart. */
static void write_short_name(struct fm_teller *t, const struct fm_person *p)
{
	if (t->pack->family_first) {
		fm_teller_write(t, p->surname);
		fm_teller_write(t, p->title.len > 0 ? p->title : p->first);
		return;
	}
	if (p->title.len > 0) {
		fm_teller_write(t, p->title);
		t->gap = true;
	}
	fm_teller_write(t, p->surname);
}

/* The first naming in a chapter says who it is, the first in a paragraph gives the name again. */
static void introduce(struct fm_teller *t, uint32_t person)
{
	struct fm_person *p = &t->cast[person];
	const struct fm_thing self = t->memories[0];
	const bool met = p->met;

	p->met = true;
	p->named = true;
	t->memories[0] = (struct fm_thing){FM_PACK_NONE, person};
	fm_teller_rule(t, met ? t->pack->again : t->pack->intro);
	t->memories[0] = self;
}

static bool is_clear(const struct fm_teller *t, uint32_t person)
{
	return t->cast[person].named && t->last[t->cast[person].gender_index] == person;
}

static void name_subject(struct fm_teller *t, uint32_t person)
{
	const struct fm_person *p = &t->cast[person];

	if (!p->named) {
		introduce(t, person);
	} else if (is_clear(t, person) && t->subject == person && t->pronouns < 2) {
		fm_teller_write(t, p->gender->pronouns[0]);
		t->pronouns++;
	} else {
		write_short_name(t, p);
		t->pronouns = 0;
	}
	if (t->subject_now == FM_PACK_NONE)
		t->subject_now = person;
}

static void name_possessor(struct fm_teller *t, uint32_t person)
{
	struct fm_person *p = &t->cast[person];

	if (is_clear(t, person)) {
		fm_teller_write(t, p->gender->pronouns[2]);
		return;
	}
	if (p->named)
		write_short_name(t, p);
	else
		write_full_name(t, p);
	p->named = true;
	t->gap = false;
	fm_teller_write(t, t->pack->genitive);
}

static void name_or_pronoun(struct fm_teller *t, uint32_t person, size_t pronoun)
{
	const struct fm_person *p = &t->cast[person];

	if (is_clear(t, person))
		fm_teller_write(t, p->gender->pronouns[pronoun]);
	else if (p->named)
		write_short_name(t, p);
	else
		introduce(t, person);
}

void fm_teller_person(struct fm_teller *t, uint32_t person, enum fm_person_form form)
{
	const struct fm_person *p = &t->cast[person];

	switch (form) {
	case FM_PERSON_SUBJECT:
		name_subject(t, person);
		break;
	case FM_PERSON_HE:
		name_or_pronoun(t, person, 0);
		break;
	case FM_PERSON_OBJECT:
	case FM_PERSON_HIM:
		name_or_pronoun(t, person, 1);
		break;
	case FM_PERSON_HIS:
		name_possessor(t, person);
		break;
	case FM_PERSON_HIMSELF:
		fm_teller_write(t, p->gender->pronouns[3]);
		break;
	case FM_PERSON_FULL:
		write_full_name(t, p);
		break;
	case FM_PERSON_SHORT:
		write_short_name(t, p);
		break;
	case FM_PERSON_FIRST:
		fm_teller_write(t, p->first);
		break;
	case FM_PERSON_SURNAME:
		fm_teller_write(t, p->surname);
		break;
	case FM_PERSON_ROLE:
		fm_teller_write(t,
		                fm_teller_term(t, (struct fm_thing){t->pack->roles, p->role}, 0));
		return; /* a role names nobody */
	}
	t->last[p->gender_index] = person;
}
