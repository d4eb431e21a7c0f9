"""What a team knows: one module a family of records."""

from opsterm.records.action import Action
from opsterm.records.alert import Alert
from opsterm.records.checklist import Run, Step
from opsterm.records.contact import Contact, Summons
from opsterm.records.hypothesis import Evidence, Hypothesis
from opsterm.records.incident import Decision, Incident, Link, Objection, Observation, Proposal, Role
from opsterm.records.obligation import Obligation
from opsterm.records.probe import Probe
from opsterm.records.record import KINDS, Record
from opsterm.records.update import Update

__all__ = [
    "KINDS",
    "Action",
    "Alert",
    "Contact",
    "Decision",
    "Evidence",
    "Hypothesis",
    "Incident",
    "Link",
    "Objection",
    "Obligation",
    "Observation",
    "Probe",
    "Proposal",
    "Record",
    "Role",
    "Run",
    "Step",
    "Summons",
    "Update",
]
