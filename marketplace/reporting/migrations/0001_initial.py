import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProductMonth',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('product_number', models.BigIntegerField()),
                ('orders', models.BigIntegerField(db_default=0, default=0)),
                ('quantity', models.BigIntegerField(db_default=0, default=0)),
                ('amount_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.province')),
            ],
            options={
                'indexes': [models.Index(fields=['month'], name='product_by_month')],
                'constraints': [models.UniqueConstraint(fields=('province', 'month', 'product_number'), name='product_once_a_province_and_month'), models.CheckConstraint(condition=models.Q(('amount_vnd__gte', 0), ('orders__gte', 0), ('quantity__gte', 0), ('month__day', 1)), name='product_month_is_possible')],
            },
        ),
        migrations.CreateModel(
            name='SalesDay',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('channel', models.CharField(max_length=8)),
                ('ocop_set', models.PositiveSmallIntegerField()),
                ('orders', models.BigIntegerField(db_default=0, default=0)),
                ('lines', models.BigIntegerField(db_default=0, default=0)),
                ('quantity', models.BigIntegerField(db_default=0, default=0)),
                ('amount_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.province')),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='sales_by_day')],
                'constraints': [models.UniqueConstraint(fields=('province', 'day', 'channel', 'ocop_set'), name='sales_once_a_province_day_channel_set'), models.CheckConstraint(condition=models.Q(('amount_vnd__gte', 0), ('lines__gte', 0), ('orders__gte', 0), ('quantity__gte', 0), ('ocop_set__lte', 26)), name='sales_are_possible')],
            },
        ),
        migrations.CreateModel(
            name='TakingsDay',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('charges_bank_online', models.BigIntegerField(db_default=0, default=0)),
                ('charges_bank_stall', models.BigIntegerField(db_default=0, default=0)),
                ('charges_card_online', models.BigIntegerField(db_default=0, default=0)),
                ('charges_card_stall', models.BigIntegerField(db_default=0, default=0)),
                ('charges_vendor_online', models.BigIntegerField(db_default=0, default=0)),
                ('charges_vendor_stall', models.BigIntegerField(db_default=0, default=0)),
                ('charges_cash_online', models.BigIntegerField(db_default=0, default=0)),
                ('charges_cash_stall', models.BigIntegerField(db_default=0, default=0)),
                ('charged_bank_online_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('charged_bank_stall_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('charged_card_online_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('charged_card_stall_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('charged_vendor_online_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('charged_vendor_stall_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('charged_cash_online_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('charged_cash_stall_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('refunds_bank_online', models.BigIntegerField(db_default=0, default=0)),
                ('refunds_bank_stall', models.BigIntegerField(db_default=0, default=0)),
                ('refunds_card_online', models.BigIntegerField(db_default=0, default=0)),
                ('refunds_card_stall', models.BigIntegerField(db_default=0, default=0)),
                ('refunds_vendor_online', models.BigIntegerField(db_default=0, default=0)),
                ('refunds_vendor_stall', models.BigIntegerField(db_default=0, default=0)),
                ('refunds_cash_online', models.BigIntegerField(db_default=0, default=0)),
                ('refunds_cash_stall', models.BigIntegerField(db_default=0, default=0)),
                ('refunded_bank_online_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('refunded_bank_stall_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('refunded_card_online_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('refunded_card_stall_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('refunded_vendor_online_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('refunded_vendor_stall_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('refunded_cash_online_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('refunded_cash_stall_vnd', models.BigIntegerField(db_default=0, default=0)),
                ('paid_orders_online', models.BigIntegerField(db_default=0, default=0)),
                ('paid_orders_stall', models.BigIntegerField(db_default=0, default=0)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.commune')),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='takings_by_day')],
                'constraints': [models.UniqueConstraint(fields=('commune', 'day'), name='takings_once_a_commune_and_day'), models.CheckConstraint(condition=models.Q(('charged_bank_online_vnd__gte', 0), ('charged_bank_stall_vnd__gte', 0), ('charged_card_online_vnd__gte', 0), ('charged_card_stall_vnd__gte', 0), ('charged_cash_online_vnd__gte', 0), ('charged_cash_stall_vnd__gte', 0), ('charged_vendor_online_vnd__gte', 0), ('charged_vendor_stall_vnd__gte', 0), ('charges_bank_online__gte', 0), ('charges_bank_stall__gte', 0), ('charges_card_online__gte', 0), ('charges_card_stall__gte', 0), ('charges_cash_online__gte', 0), ('charges_cash_stall__gte', 0), ('charges_vendor_online__gte', 0), ('charges_vendor_stall__gte', 0), ('paid_orders_online__gte', 0), ('paid_orders_stall__gte', 0), ('refunded_bank_online_vnd__gte', 0), ('refunded_bank_stall_vnd__gte', 0), ('refunded_card_online_vnd__gte', 0), ('refunded_card_stall_vnd__gte', 0), ('refunded_cash_online_vnd__gte', 0), ('refunded_cash_stall_vnd__gte', 0), ('refunded_vendor_online_vnd__gte', 0), ('refunded_vendor_stall_vnd__gte', 0), ('refunds_bank_online__gte', 0), ('refunds_bank_stall__gte', 0), ('refunds_card_online__gte', 0), ('refunds_card_stall__gte', 0), ('refunds_cash_online__gte', 0), ('refunds_cash_stall__gte', 0), ('refunds_vendor_online__gte', 0), ('refunds_vendor_stall__gte', 0)), name='takings_not_negative')],
            },
        ),
    ]
